/** JSON as a tree: what is one, what opens, and its pointers. */
import { describe, expect, test } from 'vitest';

import { idOf } from '../src/lib/dom-id';
import { beginning, copyOf, glance, members, parseJson, pointTo } from '../src/lib/json';
import { FIRST_MEMBERS, JsonTree } from '../src/lib/jsonTree.svelte';

const rootOf = (text: string) => {
  const root = parseJson(text);
  if (!root) throw new Error('no tree');
  return root;
};
const membersOf = (text: string, most = 100) => members(text, rootOf(text), most);
const shown = (tree: JsonTree) => tree.lines.map(({ name, rest }) => (rest === null ? (name ?? '') : `+${rest}`));
const lineOf = (tree: JsonTree, pointer: string) => {
  const line = tree.lines.find((one) => one.pointer === pointer && one.rest === null);
  if (!line) throw new Error(`no ${pointer}`);
  return line;
};

test('only an object or an array is a tree; anything else, and what is broken, is text', () => {
  expect(['{}', ' [1]\n', '{"a":1}'].map(parseJson)).not.toContain(null);
  expect(['', '42', '"a"', 'null', '{', '{"a":}', '[1] x', '{a:1}'].map(parseJson).every((root) => root === null)).toBe(true);
});

test('members keep their order, their doubles and the digits they were written with', () => {
  const text = '{"b":12345678901234567890,"2":1e400,"1":-0.10,"b":[ ] , "":{"x":null}}';
  expect(membersOf(text).map(({ name, value }) => [name, copyOf(text, value), value.size])).toEqual([
    ['b', '12345678901234567890', 0],
    ['2', '1e400', 0],
    ['1', '-0.10', 0],
    ['b', '[ ]', 0],
    ['', '{"x":null}', 1],
  ]);
});

test('brackets, commas and quotes within texts are only text', () => {
  const text = String.raw`["]},{[", "\\", "\"]", {"\"}": [1,2,","]}]`;
  expect(membersOf(text).map(({ value }) => copyOf(text, value))).toEqual([']},{[', '\\', '"]', String.raw`{"\"}": [1,2,","]}`]);
});

test('whatever JSON says, taking it apart and putting it together again gives the same', () => {
  const random = sequence(7);
  for (let turn = 0; turn < 300; turn += 1) {
    const value = anything(random, 4);
    const text = JSON.stringify({ value }, null, turn % 3);
    expect(rebuilt(text, rootOf(text))).toEqual({ value });
  }
});

test('the beginning of a long text is cut at no escape and at no half of a letter', () => {
  const text = JSON.stringify({ a: '\n\\"é😀'.repeat(20) });
  const value = membersOf(text)[0]!.value;
  const whole = copyOf(text, value);
  for (let most = 1; most < text.length; most += 1) expect(whole.startsWith(beginning(text, value, most))).toBe(true);
  const escaped = String.raw`["\u00e9\\\u0041"]`;
  for (let most = 1; most < 16; most += 1) expect('é\\A'.startsWith(beginning(escaped, membersOf(escaped)[0]!.value, most))).toBe(true);
});

test('a pointer escapes what RFC 6901 says', () => {
  expect(pointTo(pointTo('', 'a/b'), 'm~n')).toBe('/a~1b/m~0n');
});

test('whatever a name is, it makes an id without a blank, and another for every other', () => {
  const names = ['a b', 'a_b', 'a_20_b', 'a\nb', '\ud800', '😀', '/a~1b', ''];
  const ids = names.map(idOf);
  expect(ids.every((id) => /^[\w-]*$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(names.length);
});

test('a hundred thousand levels and a megabyte are taken apart without delay', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const wide = JSON.stringify(Array.from({ length: 60_000 }, (_, at) => ({ at, text: 'x' })));
  const started = performance.now();
  const tree = new JsonTree(() => deep);
  const flat = new JsonTree(() => wide);
  expect(flat.lines).toHaveLength(FIRST_MEMBERS + 2);
  expect(tree.lines.length).toBeLessThan(100);
  expect(performance.now() - started).toBeLessThan(1000);
});

describe('the tree', () => {
  test('shows the rest when it is asked for it', () => {
    const text = JSON.stringify(Array.from({ length: 250 }, (_, at) => at));
    const tree = new JsonTree(() => text);
    expect(shown(tree).at(-1)).toBe('+150');
    tree.toggle(tree.lines.at(-1)!);
    expect(tree.lines).toHaveLength(251);
  });

  test('folds and unfolds with the arrow keys, and names the place of what is chosen', () => {
    const tree = new JsonTree(() => '{"a":{"b":[1,2]},"c":3}');
    expect(shown(tree)).toEqual(['', 'a', 'b', '0', '1', 'c']);
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown']) tree.step(key);
    expect(tree.chosen?.pointer).toBe('/a/b/1');
    tree.step('ArrowLeft');
    tree.step('ArrowLeft');
    expect(shown(tree)).toEqual(['', 'a', 'b', 'c']);
    expect(tree.chosen?.pointer).toBe('/a/b');
    tree.step('End');
    expect(tree.copyOf(tree.chosen!)).toBe('3');
  });

  test('stays as it was folded when the next event of its kind is shown', () => {
    let text = $state('{"a":{"b":1}}');
    const tree = new JsonTree(() => text);
    tree.toggle(lineOf(tree, '/a'));
    text = '{"a":{"b":2}}';
    expect(shown(tree)).toEqual(['', 'a']);
  });

  test('keeps lines with one name apart', () => {
    const tree = new JsonTree(() => '{"a":[1],"a":[2]}');
    expect(new Set(tree.lines.map(({ id }) => id)).size).toBe(tree.lines.length);
    expect(tree.lines.filter(({ pointer }) => pointer === '/a')).toHaveLength(2);
  });

  test('shortens a long text until it is unfolded, and then shows it in portions', () => {
    const text = JSON.stringify({ log: 'x'.repeat(100_000) });
    const tree = new JsonTree(() => text);
    expect(tree.beginning(lineOf(tree, '/log'))).toHaveLength(300);
    tree.toggle(lineOf(tree, '/log'));
    expect(tree.beginning(lineOf(tree, '/log'))).toHaveLength(32 * 1024);
    for (let turn = 0; turn < 3; turn += 1) tree.toggle(tree.lines.at(-1)!);
    expect(tree.beginning(lineOf(tree, '/log'))).toHaveLength(100_000);
    expect(shown(tree)).toEqual(['', 'log']);
    expect(tree.copyOf(lineOf(tree, '/log'))).toHaveLength(100_000);
  });
});

/** Numbers that look random and are the same every time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function anything(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth ? 6 : 4));
  const size = Math.floor(random() * 4);
  if (kind === 0) return Math.round(random() * 1e6) / 100;
  if (kind === 1) return [true, false, null][size % 3];
  if (kind < 4) return String.fromCodePoint(...Array.from({ length: size }, () => [34, 92, 44, 123, 93, 10, 233, 128512][Math.floor(random() * 8)]!));
  if (kind === 4) return Array.from({ length: size }, () => anything(random, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}"`, anything(random, depth - 1)]));
}

function rebuilt(text: string, value: ReturnType<typeof rootOf>): unknown {
  const inner = value.kind === 'object' || value.kind === 'array' ? members(text, value, 1000) : [];
  if (value.kind === 'array') return inner.map((member) => rebuilt(text, member.value));
  if (value.kind === 'object') return Object.fromEntries(inner.map(({ name, value: one }) => [name, rebuilt(text, one)]));
  return JSON.parse(text.slice(value.from, value.to));
}

test('an object is told in a line without the signs that make it JSON, and anything else as it is', () => {
  expect(glance('{"door":"front","open":true,"at":[1,2],"n":12345678901234567890}')).toBe('door: front · open: true · at: [1,2] · n: 12345678901234567890');
  expect(glance('{"door":"front","open":true,"battery":71}', false)).toBe('front · open: true · 71');
  for (const text of ['{}', '[1]', 'plain', '{"a":', '"x"', `{"long":"${'x'.repeat(5000)}"}`]) expect(glance(text)).toBe(text);
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, n])));
  expect(glance(many)).toMatch(/^k0: 0 · .*k15: 15 · …$/);
});
