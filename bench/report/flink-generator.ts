/**
 * Thousand events a CPU second of Flink 2.3.0 with its own Nexmark generator: one core of a machine
 * of this kind, warm, heap state. Measured apart: no run of the bench has Flink's generator.
 */
export const FLINK_GENERATOR: Readonly<Record<string, number>> = {
  q0: 466, q1: 459, q2: 466, q3: 445, q4: 111, q5: 242, q7: 112, q8: 439, q9: 93, q10: 554,
  q11: 190, q12: 285, q13: 487, q14: 629, q15: 191, q16: 103, q17: 206, q18: 178, q19: 158,
  q20: 131, q21: 254, q22: 463,
};
