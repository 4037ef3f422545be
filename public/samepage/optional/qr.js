/**
 * QR codes (ISO/IEC 18004:2015): text as bytes of UTF-8, error correction level M, versions 1 to 20. Larger ones no
 * phone reads from a screen.
 */

/** Table 9, level M, by version: codewords in all, those for error correction in a block, blocks. */
const VERSIONS = [
  [26, 10, 1], [44, 16, 1], [70, 26, 1], [100, 18, 2], [134, 24, 2], [172, 16, 4], [196, 18, 4], [242, 22, 4],
  [292, 22, 5], [346, 26, 5], [404, 30, 5], [466, 22, 8], [532, 22, 9], [581, 24, 9], [655, 24, 10], [733, 28, 10],
  [815, 28, 11], [901, 26, 13], [991, 26, 14], [1085, 26, 16],
];

/** Table 10: which modules a mask turns over, by column x and row y. */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => x * y % 6 === 0,
  (x, y) => (x * y % 2 + x * y % 3) % 2 === 0,
  (x, y) => ((x + y) % 2 + x * y % 3) % 2 === 0,
];

/** Rows of modules, 1 is dark, without the quiet zone of 4 around; null when the text does not fit. */
export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const index = VERSIONS.findIndex(([all, correction, blocks], small) =>
    bytes.length <= all - correction * blocks - (small < 9 ? 2 : 3));
  if (index < 0) return null;
  const version = index + 1;
  const codewords = protect(pack(bytes, version), ...VERSIONS[index]);
  const { grid, free } = pattern(version);
  const candidates = MASKS.map((turns, mask) => {
    const made = grid.map((row) => [...row]);
    free.forEach(([x, y], at) => {
      // Past the last codeword remain up to 7 modules of 0.
      made[y][x] = (codewords[at >> 3] >> (7 - at % 8) & 1) ^ turns(x, y);
    });
    drawFormat(made, mask);
    return made;
  });
  const penalties = candidates.map(penalty);
  return candidates[penalties.indexOf(Math.min(...penalties))];
}

/** §7.4: byte mode, length, bytes, end, padding. Mode and end are 4 bits long, so all of it is made of nibbles. */
function pack(bytes, version) {
  const [all, correction, blocks] = VERSIONS[version - 1];
  const length = bytes.length.toString(16).padStart(version < 10 ? 2 : 4, '0');
  const nibbles = `4${length}${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}0`;
  const data = nibbles.match(/../g).map((pair) => parseInt(pair, 16));
  const used = data.length;
  while (data.length < all - correction * blocks) data.push((data.length - used) % 2 ? 0x11 : 0xEC);
  return data;
}

/** §7.5, §7.6: blocks of nearly the same size, each with its error correction, interleaved. */
function protect(data, all, correction, blocks) {
  const size = Math.floor(data.length / blocks);
  const short = blocks - data.length % blocks; // the others have one more
  const parts = Array.from({ length: blocks }, (_, at) => {
    const start = at * size + Math.max(0, at - short);
    return data.slice(start, start + size + (at < short ? 0 : 1));
  });
  const interleave = (rows, columns) => Array.from({ length: columns },
    (_, column) => rows.filter((row) => column < row.length).map((row) => row[column])).flat();
  const divisor = generator(correction);
  return [...interleave(parts, size + 1), ...interleave(parts.map((part) => remainder(part, divisor)), correction)];
}

/** Annex A: multiplication in the field of 256 elements, modulo x⁸ + x⁴ + x³ + x² + 1. */
function multiply(one, other) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = product << 1 ^ (product >> 7) * 0x11D ^ (other >> bit & 1) * one;
  }
  return product;
}

/** (x − α⁰)(x − α¹)…, highest power first, without the leading 1. */
function generator(degree) {
  let polynomial = [1];
  for (let power = 0, root = 1; power < degree; power += 1, root = multiply(root, 2)) {
    polynomial = [...polynomial, 0].map((factor, at) => factor ^ multiply(polynomial[at - 1] ?? 0, root));
  }
  return polynomial.slice(1);
}

function remainder(data, divisor) {
  const rest = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((coefficient, at) => rest[at] ^= multiply(coefficient, factor));
  }
  return rest;
}

/** Appends the remainder of a division by a polynomial over bits: the BCH codes of annexes C and D. */
function checked(data, polynomial) {
  const degree = 31 - Math.clz32(polynomial);
  let rest = data << degree;
  while (rest >> degree) rest ^= polynomial << (Math.clz32(polynomial) - Math.clz32(rest));
  return data << degree | rest;
}

/** §6.3: what does not depend on data and mask, and the modules free for data, in their order (§7.7.3). */
function pattern(version) {
  const size = 17 + 4 * version;
  const grid = Array.from({ length: size }, () => Array(size).fill(null));
  const set = (x, y, dark) => {
    if (grid[y]?.[x] !== undefined) grid[y][x] = Number(dark);
  };
  /** Concentric squares; `light` are the distances from the centre that are light. */
  const square = (centreX, centreY, radius, light) => {
    for (let y = -radius; y <= radius; y += 1) {
      for (let x = -radius; x <= radius; x += 1) {
        set(centreX + x, centreY + y, !light.includes(Math.max(Math.abs(x), Math.abs(y))));
      }
    }
  };
  for (let at = 8; at < size - 8; at += 1) {
    set(at, 6, at % 2 === 0);
    set(6, at, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, [2, 4]);
  const centres = alignments(version);
  for (const x of centres) {
    for (const y of centres) {
      // Not where finders are.
      if (Math.min(x, y) > 6 || (Math.max(x, y) > 6 && Math.max(x, y) < size - 7)) square(x, y, 2, [1]);
    }
  }
  drawFormat(grid, 0);
  if (version >= 7) {
    const bits = checked(version, 0x1F25);
    for (let at = 0; at < 18; at += 1) {
      const [far, near] = [size - 11 + at % 3, Math.floor(at / 3)];
      set(far, near, bits >> at & 1);
      set(near, far, bits >> at & 1);
    }
  }
  return { grid, free: freeModules(grid) };
}

/** Annex E: from 6 to the last, evenly spaced from the end. */
function alignments(version) {
  if (version === 1) return [];
  const last = 10 + 4 * version;
  const gaps = Math.floor(version / 7) + 1;
  const step = 2 * Math.ceil((last - 6) / gaps / 2);
  return [6, ...Array.from({ length: gaps }, (_, at) => last - (gaps - 1 - at) * step)];
}

/** Two columns at a time from the right, up and down by turns, around the vertical timing pattern. */
function freeModules(grid) {
  const size = grid.length;
  const free = [];
  let up = true;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    for (let step = 0; step < size; step += 1) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) if (grid[y][x] === null) free.push([x, y]);
    }
    up = !up;
  }
  return free;
}

/** §7.9: level M, which is 00, and mask, with their check bits, twice; and the one module that is always dark. */
function drawFormat(grid, mask) {
  const end = grid.length - 1;
  const bits = checked(mask, 0x537) ^ 0x5412;
  for (let at = 0; at < 15; at += 1) {
    const bit = bits >> at & 1;
    const skip = at < 6 ? at : at + 1; // the timing pattern
    if (at < 8) {
      grid[skip][8] = bit;
      grid[8][end - at] = bit;
    } else {
      grid[8][at === 8 ? 7 : 14 - at] = bit;
      grid[end - 14 + at][8] = bit;
    }
  }
  grid[end - 7][8] = 1;
}

const FINDER = /(?=1011101)/g;

/** §7.8.3: what makes a symbol hard to read. */
function penalty(grid) {
  const size = grid.length;
  const rows = grid.map((row) => row.join(''));
  const columns = grid.map((_, x) => grid.map((row) => row[x]).join(''));
  let sum = 0;
  for (const line of [...rows, ...columns]) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    // What looks like a finder, with light on one side; around the symbol it is light.
    for (const { index } of line.matchAll(FINDER)) {
      const around = [line.slice(Math.max(0, index - 4), index), line.slice(index + 7, index + 11)];
      if (around.some((side) => !side.includes('1'))) sum += 40;
    }
  }
  for (let y = 1; y < size; y += 1) {
    for (let x = 1; x < size; x += 1) {
      const dark = grid[y][x] + grid[y - 1][x] + grid[y][x - 1] + grid[y - 1][x - 1];
      if (dark % 4 === 0) sum += 3;
    }
  }
  const dark = rows.join('').replaceAll('0', '').length / size ** 2;
  return sum + 10 * Math.floor(Math.abs(dark - 0.5) * 20);
}
