using System.Globalization;

namespace Bottle.Host.Processes;

/// <summary>The processes below one, as they were at one moment: after their parent has ended nothing tells any more whose they were. Empty where there is no <c>/proc</c>.</summary>
internal sealed class Descendants
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);
    private readonly IReadOnlyList<Mark> marks;

    private Descendants(IReadOnlyList<Mark> marks) => this.marks = marks;

    /// <summary>All below a process, itself not among them.</summary>
    public static Descendants Of(int process)
    {
        var children = All().ToLookup(mark => mark.Parent);
        var found = children[process].ToList();
        for (var i = 0; i < found.Count; i++)
            found.AddRange(children[found[i].Id]);
        return new Descendants(found);
    }

    /// <summary>Signals those that are still there.</summary>
    public void Signal(int signal)
    {
        foreach (var mark in marks.Where(IsThere))
            _ = Native.Kill(mark.Id, signal);
    }

    /// <summary>Waits until none is there any more.</summary>
    public async Task ExitAsync(CancellationToken cancellationToken)
    {
        while (marks.Any(IsThere))
            await Task.Delay(Between, cancellationToken).ConfigureAwait(false);
    }

    // Ids are used anew: the time of its start tells a process from the next one. One that only waits to be asked for its exit code has ended.
    private static bool IsThere(Mark mark) => Read(mark.Id) is { HasEnded: false } now && now.Started == mark.Started;

    private static IEnumerable<Mark> All() => !Directory.Exists("/proc") ? []
        : Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null).OfType<Mark>();

    private static Mark? Read(int id)
    {
        try
        {
            // The name in brackets may hold anything; then: state, parent, …, and the start as the 20th.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Mark(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19], fields[0] is "Z" or "X");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Mark(int Id, int Parent, string Started, bool HasEnded);
}
