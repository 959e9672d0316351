/**
 * The share of a worker: ends of channels to the subtasks of the other workers. A sender may have
 * CREDITS messages on the way; the receiver gives one back for each that its task has taken.
 */
import type { MessagePort } from 'node:worker_threads';
import type { DataType } from '../../../types/data-type.js';
import type { Message } from '../../pipeline.js';
import { Channel, type Share, type Target, type Wakeable } from '../channel.js';
import { CREDITS, type PeerMessage } from './messages.js';
import { buffersOf, messageOf, parcelOf } from './parcel.js';

class Sender implements Target {
  private credits = CREDITS;

  constructor(
    private readonly port: MessagePort, private readonly link: number,
    private readonly producer: Wakeable,
  ) {}

  push(message: Message): void {
    this.credits--;
    const parcel = parcelOf(message);
    const said: PeerMessage = { link: this.link, parcel };
    this.port.postMessage(said, [...buffersOf(parcel)]);
  }

  hasRoom(): boolean {
    return this.credits > 0;
  }

  credit(): void {
    this.credits++;
    if (this.credits === 1) this.producer.wake();
  }
}

class Receiver extends Channel {
  constructor(
    consumer: Wakeable, readonly types: readonly DataType[], private readonly giveBack: () => void,
  ) {
    super(CREDITS, null, consumer);
  }

  override pop(): Message | undefined {
    const message = super.pop();
    if (message !== undefined) this.giveBack();
    return message;
  }
}

export class ThreadShare implements Share {
  /** By peer, then link: a link leads to one subtask of a peer, and comes from one. */
  private readonly senders = new Map<string, Sender>();
  private readonly receivers = new Map<string, Receiver>();

  /** `typesOf` gives the columns that a link carries. */
  constructor(
    readonly subtask: number, private readonly peers: readonly (MessagePort | null)[],
    private readonly typesOf: (link: number) => readonly DataType[],
  ) {
    peers.forEach((port, peer) =>
      port?.on('message', (said: PeerMessage) => this.receive(peer, said)));
  }

  sender(link: number, to: number, producer: Wakeable): Target {
    const sender = new Sender(this.peers[to]!, link, producer);
    this.senders.set(`${to}/${link}`, sender);
    return sender;
  }

  receiver(link: number, from: number, consumer: Wakeable): Channel {
    const port = this.peers[from]!;
    const said: PeerMessage = { link, parcel: null };
    const receiver = new Receiver(consumer, this.typesOf(link), () => port.postMessage(said));
    this.receivers.set(`${from}/${link}`, receiver);
    return receiver;
  }

  close(): void {
    for (const port of this.peers) port?.close();
  }

  private receive(peer: number, { link, parcel }: PeerMessage): void {
    const key = `${peer}/${link}`;
    if (parcel === null) this.senders.get(key)?.credit();
    else {
      const receiver = this.receivers.get(key);
      receiver?.push(messageOf(parcel, receiver.types));
    }
  }
}
