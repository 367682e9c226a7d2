using System.Globalization;
using System.Text;

namespace Bottle.Host.Terminals;

/// <summary>
/// What a terminal that comes back is shown: the modes that the program has switched on (another screen, mouse, bracketed paste …), and then the last of what it wrote. Programs that draw
/// the whole screen draw it anew when their window's size changes, which the keeper sees to.
/// </summary>
public sealed class ScreenHistory(int capacity = ScreenHistory.DefaultCapacity)
{
    /// <summary>Bytes of output that are kept.</summary>
    public const int DefaultCapacity = 256 * 1024;

    private const byte Escape = 0x1b;
    private const int LongestSequence = 32;
    private readonly Queue<byte> bytes = new();
    private readonly SortedSet<int> modes = [];
    private readonly List<byte> sequence = [];
    private bool isCut;

    /// <summary>The private modes (DECSET) that are on.</summary>
    public IReadOnlyCollection<int> Modes => modes;

    /// <summary>Takes what the program wrote.</summary>
    public void Add(ReadOnlySpan<byte> output)
    {
        foreach (var value in output)
        {
            Follow(value);
            bytes.Enqueue(value);
            if (bytes.Count <= capacity)
                continue;
            bytes.Dequeue();
            isCut = true;
        }
    }

    /// <summary>What brings a fresh terminal to where the program's is.</summary>
    public byte[] Replay()
    {
        // A cut begins in the middle of a line, perhaps of a character or an escape sequence.
        var kept = bytes.ToArray();
        var from = isCut ? Array.IndexOf(kept, (byte)'\n') + 1 : 0;
        return [.. isCut ? Sequences('h') : [], .. kept[from..], .. Sequences('h')];
    }

    /// <summary>What takes the program's modes away again from a terminal that leaves it.</summary>
    public byte[] Reset() => [.. Sequences('l'), .. Encoding.ASCII.GetBytes("\e[0m\e[?25h")];

    private byte[] Sequences(char final) => Encoding.ASCII.GetBytes(string.Concat(modes.Select(mode => string.Create(CultureInfo.InvariantCulture, $"\e[?{mode}{final}"))));

    // ESC [ ? n ; n h switches on, … l off; ESC c is a full reset.
    private void Follow(byte value)
    {
        if (value == Escape)
        {
            sequence.Clear();
            sequence.Add(value);
            return;
        }
        if (sequence.Count == 0)
            return;
        sequence.Add(value);
        if (sequence is [_, (byte)'c'])
            modes.Clear();
        if (sequence.Count == 2 ? value == '[' : sequence.Count == 3 ? value == '?' : sequence.Count < LongestSequence && value is (>= (byte)'0' and <= (byte)'9') or (byte)';')
            return;
        if (sequence.Count > 3 && value is (byte)'h' or (byte)'l')
            foreach (var number in Encoding.ASCII.GetString([.. sequence[3..^1]]).Split(';'))
                if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var mode))
                    _ = value == 'h' ? modes.Add(mode) : modes.Remove(mode);
        sequence.Clear();
    }
}
