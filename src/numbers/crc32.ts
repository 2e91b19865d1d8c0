// Cyclic redundancy checks of 32 bits, bits in reflected order.

/** The CRC-32 of ZIP, gzip and PNG. */
export const crc32 = checksumOf(0xedb88320);

/** CRC-32C, Castagnoli's. RFC 3720, appendix B.4. */
export const crc32c = checksumOf(0x82f63b78);

function checksumOf(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
  return (bytes) => {
    let crc = -1;
    for (let k = 0; k < bytes.length; k++) crc = table[(crc ^ bytes[k]) & 0xff] ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}
