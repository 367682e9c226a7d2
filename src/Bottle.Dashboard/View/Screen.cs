using System.Collections.Immutable;
using Spectre.Console.Rendering;

namespace Bottle.Dashboard.View;

/// <summary>What stands on the screen: lines of one width.</summary>
public sealed class Screen(ImmutableArray<SegmentLine> lines)
{
    /// <summary>The lines from the top.</summary>
    public ImmutableArray<SegmentLine> Lines => lines;

    /// <summary>The same without colours and without blanks at the ends of lines.</summary>
    public override string ToString() => string.Join('\n', lines.Select(line => string.Concat(line.Select(segment => segment.Text)).TrimEnd())) + "\n";
}
