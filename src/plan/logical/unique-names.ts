/** Flink numbers repeated names: a, a0, a1. `before`: names that are taken already. */
export function uniqueNames(
  names: readonly string[], before: readonly string[] = [],
): readonly string[] {
  const taken = new Set(before);
  return names.map((name) => {
    let unique = name;
    for (let i = 0; taken.has(unique); i++) unique = `${name}${i}`;
    taken.add(unique);
    return unique;
  });
}
