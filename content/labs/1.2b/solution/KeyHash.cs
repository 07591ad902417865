using System.Buffers.Binary;

namespace Formation.KeyedOrderProducer;

/// <summary>Les deux hachages qui décident de la partition d'une clé : CRC32 pour librdkafka, murmur2 pour Java.</summary>
public static class KeyHash
{
    // <crc32>
    /// <summary>CRC32, celui de zip, bit à bit : lisible avant d'être rapide.</summary>
    public static uint Crc32(ReadOnlySpan<byte> key)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte octet in key)
        {
            crc ^= octet;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
    // </crc32>

    // <murmur2>
    /// <summary>Murmur2, 32 bits, avec la graine du client Java.</summary>
    public static uint Murmur2(ReadOnlySpan<byte> key)
    {
        const uint Multiplier = 0x5BD1E995;
        uint hash = 0x9747B28C ^ (uint)key.Length;

        ReadOnlySpan<byte> rest = key;
        while (rest.Length >= 4)
        {
            uint block = BinaryPrimitives.ReadUInt32LittleEndian(rest) * Multiplier;
            block = (block ^ (block >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ block;
            rest = rest.Slice(4);
        }

        if (rest.Length > 0)
        {
            for (int index = rest.Length - 1; index >= 0; index--)
            {
                hash ^= (uint)rest[index] << (8 * index);
            }

            hash *= Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }
    // </murmur2>

    // <partition>
    /// <summary>Partition du défaut de .NET, <c>consistent_random</c>.</summary>
    public static int DotNetPartition(ReadOnlySpan<byte> key, int partitionCount) =>
        (int)(Crc32(key) % (uint)partitionCount);

    /// <summary>Partition de Java, et de .NET avec <c>murmur2_random</c>.</summary>
    public static int JavaPartition(ReadOnlySpan<byte> key, int partitionCount) =>
        (int)((Murmur2(key) & 0x7FFFFFFF) % (uint)partitionCount);
    // </partition>
}
