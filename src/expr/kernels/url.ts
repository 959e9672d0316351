/** PARSE_URL, URL_ENCODE, URL_DECODE, as java.net does them. */
import { type Column, setNull } from '../../batch/column.js';
import { bytesAt, decodeText, HeapBuilder, textAt } from '../../batch/strings.js';
import { type KernelFamily, KernelError, type KernelFunction, propagating } from '../kernel.js';

const PROTOCOLS = ['http', 'https', 'ftp', 'file', 'jar', 'mailto', 'jrt'];

interface UrlParts {
  readonly protocol: string;
  readonly authority: string | null;
  readonly userInfo: string | null;
  readonly host: string;
  readonly path: string;
  readonly query: string | null;
  readonly ref: string | null;
}

/** The parts of a URL; null where java.net.URL refuses it. */
function parseUrl(text: string): UrlParts | null {
  const trimmed = text.replace(/^[\0- ]+|[\0- ]+$/g, '').replace(/^url:/i, '');
  const colon = trimmed.indexOf(':');
  const protocol = trimmed.slice(0, Math.max(0, colon)).toLowerCase();
  if (!PROTOCOLS.includes(protocol)) return null;
  const hash = trimmed.indexOf('#');
  const body = trimmed.slice(colon + 1, hash < 0 ? trimmed.length : hash);
  const ref = hash < 0 ? null : trimmed.slice(hash + 1);
  const mark = body.indexOf('?');
  const query = mark < 0 ? null : body.slice(mark + 1);
  const rest = mark < 0 ? body : body.slice(0, mark);
  if (!rest.startsWith('//')) {
    return { protocol, authority: null, userInfo: null, host: '', path: rest, query, ref };
  }
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const path = slash < 0 ? '' : rest.slice(slash);
  const named = parseAuthority(authority);
  return named === null ? null : { protocol, authority, ...named, path, query, ref };
}

function parseAuthority(authority: string): Pick<UrlParts, 'userInfo' | 'host'> | null {
  const at = authority.indexOf('@');
  if (at >= 0 && at !== authority.lastIndexOf('@')) return null;
  const userInfo = at < 0 ? null : authority.slice(0, at);
  const place = authority.slice(at + 1);
  const colon = place.startsWith('[') ? place.indexOf(':', place.indexOf(']'))
    : place.indexOf(':');
  if (colon < 0) return { userInfo, host: place };
  return /^\d{0,9}$/.test(place.slice(colon + 1)) ? { userInfo, host: place.slice(0, colon) }
    : null;
}

/** A part by its name; null where it is not there or the name is none. */
function partOf(url: UrlParts, name: string): string | null {
  switch (name) {
    case 'HOST': return url.host;
    case 'PATH': return url.path;
    case 'QUERY': return url.query;
    case 'REF': return url.ref;
    case 'PROTOCOL': return url.protocol;
    case 'FILE': return url.query === null ? url.path : `${url.path}?${url.query}`;
    case 'AUTHORITY': return url.authority;
    case 'USERINFO': return url.userInfo;
    default: return null;
  }
}

/** The value of a key in a query: up to the next `&`. */
function queryValue(query: string, key: string): string | null {
  for (const pair of query.split('&')) {
    if (pair.startsWith(`${key}=`)) return pair.slice(key.length + 1);
  }
  return null;
}

function refuse(feature: string, row: number): never {
  throw new KernelError('MR2100', feature, row);
}

/** PARSE_URL(url, part [, key]). */
function parseUrlRows(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const heap = new HeapBuilder(count * 16);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const url = parseUrl(textAt(columns[0]!, row));
    const name = textAt(columns[1]!, row);
    const key = columns[2] === undefined ? null : textAt(columns[2], row);
    if (key !== null && !/^[\w-]*$/.test(key)) refuse('PARSE_URL with such a key', row);
    if (url !== null && /\/\.\.?(?:\/|$)/.test(url.path)) refuse('PARSE_URL with dots', row);
    let part = url === null ? null : partOf(url, name);
    if (key !== null && part !== null) part = name === 'QUERY' ? queryValue(part, key) : null;
    put(part, row, heap, out);
  }
  out.heap = heap.finish();
}

function put(text: string | null, row: number, heap: HeapBuilder, out: Column): void {
  if (text === null) {
    setNull(out, row);
    return;
  }
  out.starts[row] = heap.appendText(text);
  out.lengths[row] = heap.end - out.starts[row]!;
}

/** A text by text; null makes NULL. */
function mapped(change: (text: Uint8Array) => string | null): KernelFunction {
  return (columns, selection, count, out) => {
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      put(change(bytesAt(columns[0]!, row)), row, heap, out);
    }
    out.heap = heap.finish();
  };
}

function encodeUrl(bytes: Uint8Array): string {
  return encodeURIComponent(decodeText(bytes, 0, bytes.length))
    .replace(/%20/g, '+').replace(/[!'()~]/g, (letter) =>
      `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Null where a `%` is not followed by two hex digits. */
function decodeUrl(bytes: Uint8Array): string | null {
  const decoded = new Uint8Array(bytes.length);
  let end = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0x25) {
      const digits = String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0);
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) return null;
      decoded[end++] = Number.parseInt(digits, 16);
      i += 2;
    } else decoded[end++] = byte === 0x2b ? 0x20 : byte;
  }
  return decodeText(decoded, 0, end);
}

export const urlKernels: KernelFamily = {
  parse_url: propagating(parseUrlRows),
  url_encode: propagating(mapped(encodeUrl)),
  url_decode: propagating(mapped(decodeUrl)),
};
