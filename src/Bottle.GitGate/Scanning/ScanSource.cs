namespace Bottle.GitGate.Scanning;

/// <summary>Where a line of a scanned file comes from.</summary>
/// <param name="ObjectId">The object; null for the list of names.</param>
/// <param name="Type">The object's type, or <c>names</c>.</param>
/// <param name="FirstLine">The view's line that the piece begins with, from 1.</param>
/// <param name="View">The view.</param>
internal sealed record ScanSource(string? ObjectId, string Type, int FirstLine, View View)
{
    /// <summary>The object's line behind the n-th line of the piece (from 0); 0 when a line means nothing there.</summary>
    public int LineOf(int offset)
    {
        var line = FirstLine + offset;
        return View.Lines is null ? line : line <= View.Lines.Count ? View.Lines[line - 1] : 0;
    }
}
