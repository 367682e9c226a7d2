using System.Buffers.Binary;
using System.Text;

namespace Bottle.DemoUpstream;

/// <summary>As much of RFC 1035 as a canary needs: every A question gets one address of the documentation range, and the canary's text as a TXT record beside it.</summary>
internal static class Dns
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1, TypeTxt = 16, ClassIn = 1;

    /// <summary>The address that every name has here (RFC 5737, reaches nobody).</summary>
    private static ReadOnlySpan<byte> Address => [192, 0, 2, 53];

    /// <summary>An answer to a query, or null when it is none.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> query, string text)
    {
        if (query.Length < HeaderLength + 5 || (query[2] & 0x80) != 0)
            return null;
        var end = HeaderLength;
        while (end < query.Length && query[end] != 0)
            end += query[end] + 1;
        end += 5; // the root label, type and class
        if (end > query.Length)
            return null;

        var answer = new List<byte>(query[..end].ToArray());
        answer[2] = (byte)(0x84 | (query[2] & 0x01)); // response, authoritative, recursion as asked
        answer[3] = 0;
        var isA = BinaryPrimitives.ReadUInt16BigEndian(query[(end - 4)..]) == TypeA;
        Counts(answer, answers: (byte)(isA ? 1 : 0), additional: 1);
        if (isA)
            Record(answer, TypeA, Address);
        var txt = Encoding.ASCII.GetBytes(text);
        Record(answer, TypeTxt, [(byte)txt.Length, .. txt]);
        return [.. answer];
    }

    /// <summary>An A question for <paramref name="name"/>.</summary>
    public static byte[] Question(ushort id, string name)
    {
        var query = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            query.Add((byte)label.Length);
            query.AddRange(Encoding.ASCII.GetBytes(label));
        }
        query.AddRange([0, 0, (byte)TypeA, 0, (byte)ClassIn]);
        return [.. query];
    }

    private static void Counts(List<byte> message, byte answers, byte additional)
    {
        ReadOnlySpan<byte> counts = [0, 1, 0, answers, 0, 0, 0, additional];
        for (var i = 0; i < counts.Length; i++)
            message[4 + i] = counts[i];
    }

    private static void Record(List<byte> message, ushort type, ReadOnlySpan<byte> data)
    {
        message.AddRange([0xC0, HeaderLength, 0, (byte)type, 0, (byte)ClassIn, 0, 0, 0, 0, 0, (byte)data.Length]);
        message.AddRange(data);
    }
}
