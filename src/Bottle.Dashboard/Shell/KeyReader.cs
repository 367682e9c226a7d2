using System.Text;
using Bottle.Dashboard.Model;

namespace Bottle.Dashboard.Shell;

/// <summary>Makes keys of the bytes that a terminal sends. Sequences that mean no key of ours are passed over whole, so that none of their bytes is taken for a letter; what is pasted (bracketed, xterm's mode 2004) is text and no keys.</summary>
public sealed class KeyReader
{
    private const byte Escape = 0x1b;
    private const string PasteBegins = "200";
    private const string PasteEnds = "201";
    private readonly List<byte> pending = [];
    private bool isPasting;

    /// <summary>Whether a sequence may have begun whose end has not come.</summary>
    public bool IsPending => pending.Count > 0;

    /// <summary>The keys of what came. A sequence that is not whole waits for its rest; with <paramref name="nothingFollows"/> it stands for itself: Escape alone.</summary>
    public IReadOnlyList<Key> Read(ReadOnlySpan<byte> bytes, bool nothingFollows = false)
    {
        pending.AddRange(bytes);
        var keys = new List<Key>();
        var at = 0;
        while (at < pending.Count)
        {
            var taken = Take(at, keys, nothingFollows);
            if (taken == 0)
                break;
            at += taken;
        }
        pending.RemoveRange(0, at);
        return keys;
    }

    // How many bytes make the next key; 0 when more are needed.
    private int Take(int at, List<Key> keys, bool nothingFollows)
    {
        var first = pending[at];
        if (first == Escape)
            return TakeSequence(at, keys, nothingFollows);
        if (first >= 0x80)
            return TakeCharacter(at, keys, nothingFollows);
        if (isPasting)
        {
            // A line break would take what is typed, and the next letters would be commands.
            if (first != 0x7f)
                keys.Add(new Key(KeyKind.Pasted, first < ' ' ? ' ' : (char)first));
            return 1;
        }
        switch (first)
        {
            case (byte)'\r' or (byte)'\n':
                keys.Add(new Key(KeyKind.Enter));
                break;
            case (byte)'\t':
                keys.Add(new Key(KeyKind.Tab));
                break;
            case 0x7f or 0x08:
                keys.Add(new Key(KeyKind.Backspace));
                break;
            case >= (byte)' ':
                keys.Add(Key.Of((char)first));
                break;
        }
        return 1;
    }

    private int TakeSequence(int at, List<Key> keys, bool nothingFollows)
    {
        if (at + 1 == pending.Count)
        {
            if (nothingFollows && !isPasting)
                keys.Add(new Key(KeyKind.Escape));
            return nothingFollows ? 1 : 0;
        }
        if (pending[at + 1] is not ((byte)'[' or (byte)'O'))
        {
            if (!isPasting)
                keys.Add(new Key(KeyKind.Escape));
            return 1;
        }
        // Parameters, then one byte from '@' to '~' that says what it is.
        for (var end = at + 2; end < pending.Count; end++)
        {
            if (pending[end] is < (byte)'@' or > (byte)'~')
                continue;
            var parameters = Encoding.ASCII.GetString([.. pending.GetRange(at + 2, end - at - 2)]);
            if (pending[end] == '~' && (parameters is PasteBegins or PasteEnds))
                isPasting = parameters == PasteBegins;
            else if (!isPasting && Of((char)pending[end], parameters) is { } kind)
                keys.Add(new Key(kind));
            return end - at + 1;
        }
        return nothingFollows ? pending.Count - at : 0;
    }

    private int TakeCharacter(int at, List<Key> keys, bool nothingFollows)
    {
        var bytes = pending.Skip(at).Take(4).ToArray();
        var status = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
        if (status == System.Buffers.OperationStatus.NeedMoreData && !nothingFollows)
            return 0;
        if (status == System.Buffers.OperationStatus.Done)
        {
            // U+0080 to U+009F are control characters too.
            keys.AddRange(rune.ToString().Where(character => !char.IsControl(character)).Select(character => new Key(isPasting ? KeyKind.Pasted : KeyKind.Character, character)));
        }
        return Math.Max(1, consumed);
    }

    private static KeyKind? Of(char final, string parameters) => final switch
    {
        'A' => KeyKind.Up,
        'B' => KeyKind.Down,
        'C' => KeyKind.Right,
        'D' => KeyKind.Left,
        'H' => KeyKind.Home,
        'F' => KeyKind.End,
        'Z' => KeyKind.BackTab,
        '~' => parameters switch
        {
            "1" or "7" => KeyKind.Home,
            "4" or "8" => KeyKind.End,
            "5" => KeyKind.PageUp,
            "6" => KeyKind.PageDown,
            _ => null,
        },
        _ => null,
    };
}
