using Bottle.Core.Diagnostics;
using Bottle.Host.Workspaces;

namespace Bottle.Build.Launching;

/// <summary>What a person is told of an agent's work: how much, which files, what stays behind, and what to type next.</summary>
internal static class WorkSummary
{
    private const int MostFiles = 15;

    /// <summary>Says it at the end of a run.</summary>
    internal static void Say(BottleContext context, string identity, WorkRecord work)
    {
        context.Console.Note(Headline(work));
        if (work.Files.Count == 0 && work.LeftBehind.Count == 0) return;
        foreach (var line in Lines(work, MostFiles)) context.Console.Say($"    {line}");
        if (work.Files.Count > 0) context.Console.Say($"    read it: dotnet cake --target=Changes --bottle={identity}   take it: dotnet cake --target=Bring --bottle={identity}");
    }

    /// <summary>How much it is.</summary>
    internal static string Headline(WorkRecord work) => work is { Files.Count: 0, NotTaken: 0 } ? "the agent changed nothing in its copy"
        : $"{work.Files.Count} {(work.Files.Count == 1 ? "file" : "files")} changed, +{work.Files.Sum(file => (long)file.Added)} -{work.Files.Sum(file => (long)file.Removed)} lines{(work.Files.Any(file => file.Flag is not null) ? $"; {work.Files.Count(file => file.Flag is not null)} to be looked at" : "")}{(work.NotTaken > 0 ? $"; {work.NotTaken} more are not taken home" : "")}";

    /// <summary>Its files, and what is not among them; inert.</summary>
    internal static IEnumerable<string> Lines(WorkRecord work, int most)
    {
        foreach (var file in work.Files.OrderBy(file => file.Flag is null).Take(most)) yield return Line(file);
        if (work.Files.Count > most) yield return $"and {work.Files.Count - most} more";
        foreach (var left in work.LeftBehind.Take(most)) yield return $"stays behind: {InertText.Line(left.Path)} ({left.Reason})";
        var more = Math.Max(0, work.LeftBehind.Count - most) + work.Unnamed;
        if (more > 0) yield return $"stays behind: {more} more of the kind";
        if (work.Ignored > 0) yield return $"stays behind, ignored by the repository: {work.Ignored} {(work.Ignored == 1 ? "file or folder" : "files and folders")}";
        if (work.SetId > 0) yield return $"set-user-id bits do not come home: {work.SetId} {(work.SetId == 1 ? "file has" : "files have")} one";
    }

    /// <summary>One file.</summary>
    internal static string Line(WorkFile file) => $"{file.Change,-8}{InertText.Line(file.Path)}  +{file.Added} -{file.Removed}{(file.Flag is null ? "" : $"   LOOK: {file.Flag}")}";
}
