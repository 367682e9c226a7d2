using System.Text;

namespace Bottle.Benchmarks.Soak;

/// <summary>Breaks well-formed text in the ways that parsers get wrong: bytes flipped, cut, doubled, moved, and tokens put in that mean something to somebody.</summary>
internal sealed class ByteMutator(Random random, IReadOnlyList<string> tokens)
{
    private const int MostChanges = 4;

    /// <summary>A changed copy; now and then an unchanged one.</summary>
    internal byte[] Mutate(string wellFormed)
    {
        var bytes = new List<byte>(Encoding.Latin1.GetBytes(wellFormed));
        for (var left = random.Next(MostChanges + 1); left > 0 && bytes.Count > 0; left--)
            Change(bytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = random.Next(bytes.Count);
        var length = random.Next(1, Math.Min(16, bytes.Count - at) + 1);
        switch (random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                break;
            case 5:
                bytes.InsertRange(at, Enumerable.Repeat(bytes[at], random.Next(1, 300)));
                break;
            default:
                bytes.InsertRange(at, Encoding.Latin1.GetBytes(tokens[random.Next(tokens.Count)]));
                break;
        }
    }
}
