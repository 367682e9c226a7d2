namespace Bottle.Host.Terminals;

/// <summary>How large a terminal is, in characters.</summary>
public readonly record struct TerminalSize(ushort Rows, ushort Columns)
{
    /// <summary>What programs expect where nobody says anything.</summary>
    public static readonly TerminalSize Usual = new(24, 80);
}
