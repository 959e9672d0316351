/**
 * Every error millrace can raise: one row each. Codes are for ever; a text may be improved.
 *
 * MR1xxx parsing, MR2xxx names, types, planning and what is unsupported, MR3xxx data at run time,
 * MR4xxx connectors and files, MR5xxx state and checkpoints, MR9xxx our own faults.
 * Texts: static words first, values last, lower case, no full stop. `{name}` is filled in by the
 * caller; a hint with a value that is not given is left out.
 */

/** Whose fault it is: the user's statement, the data, ours, or the world's (files, network). */
export type ErrorClass = 'user' | 'data' | 'internal' | 'io';

/** One row of the table. */
export interface ErrorRow {
  readonly class: ErrorClass;
  readonly text: string;
  readonly hint?: string;
  /** Flink has it and millrace has not, or not yet. */
  readonly unsupported?: true;
}

/** The table, by code. */
export const errorRows = {
  // MR1xxx: parsing
  MR1001: { class: 'user', text: 'unexpected token: {token}' },
  MR1002: { class: 'user', text: 'unexpected end of statement' },
  MR1003: { class: 'user', text: 'string literal is not closed' },
  MR1004: { class: 'user', text: 'quoted identifier is not closed' },
  MR1005: { class: 'user', text: 'comment is not closed' },
  MR1006: { class: 'user', text: 'illegal character: {character}', hint: '{expected}' },
  MR1007: { class: 'user', text: 'invalid escape in string literal: {escape}' },
  MR1008: {
    class: 'user', text: 'statement is nested too deeply: more than {limit} levels',
    hint: 'move inner parts into views or a WITH clause',
  },
  MR1009: { class: 'user', text: 'SQL text is too long: {length} characters, at most {limit}' },
  MR1010: { class: 'user', text: 'binary literal needs an even number of hex digits: {literal}' },
  MR1011: { class: 'user', text: 'identifier is too long: {length} characters, at most {limit}' },
  MR1012: {
    class: 'user', text: 'reserved word used as a name: {word}',
    hint: 'quote it with backticks: `{word}`',
  },
  MR1013: { class: 'user', text: 'empty quoted identifier' },
  MR1014: { class: 'user', text: 'a table can have only one watermark' },
  MR1015: { class: 'user', text: 'a table can have only one primary key' },
  MR1016: { class: 'user', text: 'statement is empty' },
  MR1017: { class: 'user', text: 'only one statement is expected here' },
  MR1018: { class: 'user', text: 'clause is written twice: {clause}' },
  MR1019: {
    class: 'user', text: 'a query is not allowed here',
    hint: 'put the query into parentheses',
  },
  MR1021: { class: 'user', text: 'number is out of range: {number}' },
  MR1022: { class: 'user', text: 'invalid interval qualifier: {qualifier}' },
  MR1023: { class: 'user', text: 'clause is not allowed here: {clause}' },
  MR1024: { class: 'user', text: 'MAP needs keys and values in pairs: {count} elements' },

  // MR2xxx: names, types, planning
  MR2001: { class: 'user', text: 'unknown table: {name}', hint: 'did you mean {suggestion}?' },
  MR2002: { class: 'user', text: 'unknown column: {name}', hint: 'did you mean {suggestion}?' },
  MR2003: { class: 'user', text: 'unknown function: {name}', hint: 'did you mean {suggestion}?' },
  MR2004: { class: 'user', text: 'unknown option: {name}', hint: 'did you mean {suggestion}?' },
  MR2005: { class: 'user', text: 'ambiguous column: {name}', hint: 'qualify it with the table' },
  MR2006: { class: 'user', text: 'wrong arguments: {call}', hint: 'expected {signatures}' },
  MR2007: { class: 'user', text: 'type mismatch: {detail}' },
  MR2008: { class: 'user', text: 'invalid option value: {name} = {value}', hint: '{expected}' },
  MR2009: { class: 'user', text: 'required option is missing: {name}' },
  MR2010: { class: 'user', text: 'object exists already: {name}' },
  MR2011: { class: 'user', text: 'unknown type: {name}', hint: 'did you mean {suggestion}?' },
  MR2012: {
    class: 'user', text: 'column is neither grouped nor aggregated: {name}',
    hint: 'add it to GROUP BY or put it into an aggregate function',
  },
  MR2013: {
    class: 'user', text: 'wrong number of columns: {detail}',
  },
  MR2014: { class: 'user', text: 'unknown {object}: {name}', hint: 'did you mean {suggestion}?' },
  MR2015: {
    class: 'user', text: 'two tables of one name in FROM: {name}', hint: 'give one an alias',
  },
  MR2016: { class: 'user', text: 'invalid definition: {detail}' },
  MR2017: { class: 'user', text: 'object cannot be changed: {detail}' },
  MR2018: { class: 'user', text: 'wrong kind of object: {detail}' },
  MR2019: { class: 'user', text: 'object is still in use: {name}', hint: '{remedy}' },
  MR2021: { class: 'user', text: 'invalid literal: {detail}' },
  MR2022: { class: 'user', text: 'not allowed here: {detail}' },
  MR2020: {
    class: 'user', text: 'rows need a schema',
    hint: "pass { schema: 'id BIGINT, name STRING' }",
  },
  MR2023: {
    class: 'user', text: 'query is too large: it reads more than {limit} tables',
    hint: 'tables of views and of WITH count each time; write a part of it into a table',
  },
  MR2024: {
    class: 'user', text: 'plan file exists already: {path}',
    hint: 'say IF NOT EXISTS to keep it, or SET table.plan.force-recompile = true to replace it',
  },
  MR2100: {
    class: 'user', unsupported: true, text: 'unsupported feature: {feature}',
  },
  MR2101: {
    class: 'user', unsupported: true, text: 'unsupported statement: {statement}',
  },
  MR2102: {
    class: 'user', unsupported: true, text: 'unsupported function: {name}',
  },
  MR2103: {
    class: 'user', text: 'window size must be positive: {size}',
    hint: "pass an interval such as INTERVAL '10' SECOND",
  },
  MR2104: {
    class: 'user', unsupported: true, text: 'unsupported by engine {engine}: {feature}',
  },

  // MR3xxx: data at run time
  MR3001: { class: 'data', text: 'cast failed: {value} to {type}', hint: 'TRY_CAST gives NULL' },
  MR3002: { class: 'data', text: 'division by zero' },
  MR3003: { class: 'data', text: 'numeric overflow: {detail}' },
  MR3004: { class: 'data', text: 'NULL in a NOT NULL column: {column}' },
  MR3005: { class: 'data', text: 'value is too large: {detail}' },
  MR3030: { class: 'data', text: 'value does not fit its column: {value} into {type}' },
  MR3031: { class: 'data', text: 'function of the user failed: {detail}' },
  MR3032: {
    class: 'data', text: 'rows of one primary key meet in the sink: {key}',
    hint: 'ON CONFLICT DO NOTHING keeps the first, DO DEDUPLICATE the last',
  },
  MR3033: {
    class: 'data', text: 'value of another length than its column: {detail}',
    hint: 'table.exec.sink.type-length-enforcer = TRIM_PAD makes values fit',
  },
  MR3034: {
    class: 'data', text: 'a kind of row that the table does not give: {kind} in {table}',
    hint: "list it in 'changelog-mode': I, UB, UA, D",
  },
  MR3035: {
    class: 'data', text: 'a looked up table is too large: {detail}',
    hint: 'join it as a stream, look up a smaller table, or raise millrace.lookup.max-rows',
  },
  MR3006: { class: 'data', text: 'invalid argument: {detail}' },
  MR3007: { class: 'data', text: 'regular expression takes too long: {detail}' },
  MR3010: { class: 'data', text: 'retraction of a row that was never there: {operator}' },

  // MR4xxx: connectors and files
  MR4001: { class: 'io', text: 'file or folder not found: {path}' },
  MR4002: { class: 'io', text: 'reading failed: {path}: {reason}' },
  MR4003: { class: 'io', text: 'writing failed: {path}: {reason}' },
  MR4004: {
    class: 'data', text: 'malformed record: {detail}',
    hint: "the table's option '<format>.ignore-parse-errors' = 'true' skips and counts records " +
      'that cannot be read',
  },
  MR4005: { class: 'data', text: 'encoding failed: {detail}' },

  MR4020: {
    class: 'user', text: 'no data registered for table {table}: data-id {id}',
    hint: 'register rows with TableEnvironment.registerData before the query runs',
  },
  MR4021: {
    class: 'user', text: 'the rows of a result were read before',
    hint: 'run the statement again, or keep the rows',
  },
  MR4030: { class: 'user', text: 'job was cancelled' },

  // MR5xxx: state and checkpoints
  MR5001: { class: 'data', text: 'snapshot is corrupt: {detail}' },
  MR5002: { class: 'user', text: 'snapshot does not fit the plan: {detail}' },
  MR5003: { class: 'user', text: 'job ended before the checkpoint was complete' },
  MR5004: {
    class: 'user', text: 'no whole checkpoint to start from: {folder}',
    hint: 'RESET execution.state-recovery.path to start from nothing',
  },
  MR5005: {
    class: 'data', text: 'plan file is damaged: {path}: {reason}',
    hint: 'compile the plan again',
  },
  MR5006: {
    class: 'user', text: 'not a plan of millrace: {path}: {reason}',
    hint: 'compile it here: COMPILE PLAN ... FOR INSERT INTO ...',
  },
  MR5007: {
    class: 'user', text: 'plan file is of another version: {path}: {version} and not {expected}',
    hint: 'compile the plan again with this version of millrace',
  },

  // MR9xxx: our own faults
  MR9001: { class: 'internal', text: 'internal error: {detail}', hint: 'please report it' },
  MR9002: { class: 'internal', text: 'no kernel for {call}', hint: 'please report it' },
} as const satisfies Record<string, ErrorRow>;

/** The code of an error. */
export type ErrorCode = keyof typeof errorRows;
