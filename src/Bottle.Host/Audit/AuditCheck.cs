using System.Globalization;
using Bottle.Contracts.Audit;
using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Host.Audit;

/// <summary>Holds a home's audit files against their chains, and against each other: every decision stands in two of them, so that an end cut off cleanly from one shows in the other.</summary>
public static class AuditCheck
{
    private const long Largest = 1024L * 1024 * 1024;

    private readonly record struct Key(DateTimeOffset Time, string Event, string Actor, string? Before, string? After);

    /// <summary>Every file of the home, or the one of a run with the file over all; the file over all comes first. A file that is not there is none.</summary>
    public static IReadOnlyList<AuditReport> Run(BottleHome home, string? identity = null)
    {
        var all = Read(AuditLog.HomeFile(home));
        var records = Records(all).ToList();
        var (problems, notes) = (new List<AuditProblem>(), new List<AuditProblem>());
        var reports = new List<AuditReport>();
        foreach (var run in identity is null ? Runs(home) : [identity])
        {
            var own = Read(AuditLog.RunFile(home, run));
            var mine = Records(own).ToList();
            var missing = Compare(run, mine, records, problems, notes, ownIsThere: own is not null || Directory.Exists(home.Runs(run)));
            if (own is null && missing.Count == 0)
                continue;
            var verdict = AuditVerifier.Verify(own ?? [], run);
            reports.Add(new(AuditLog.RunFile(home, run), run, verdict with { Problems = [.. verdict.Problems, .. missing] }));
        }
        if (all is null && problems.Count == 0)
            return reports;
        var whole = AuditVerifier.Verify(all ?? []);
        return [new(AuditLog.HomeFile(home), null, whole with { Problems = [.. whole.Problems, .. problems], Notes = [.. whole.Notes, .. notes] }), .. reports];
    }

    /// <summary>What the run's file lacks; what the file over all lacks goes to <paramref name="problems"/> and <paramref name="notes"/>.</summary>
    private static List<AuditProblem> Compare(string run, List<AuditRecord> mine, List<AuditRecord> all, List<AuditProblem> problems, List<AuditProblem> notes, bool ownIsThere)
    {
        var theirs = all.Where(r => r.Identity == run && r.Event != AuditEvents.Recovered).Select(KeyOf).ToHashSet();
        var own = mine.Where(r => r.Event != AuditEvents.Recovered).ToList();
        var last = all.Count == 0 ? DateTimeOffset.MinValue : all[^1].Time;
        foreach (var record in own.Where(r => !theirs.Contains(KeyOf(r))))
        {
            // A writer that was ended between its two lines leaves this; so does somebody who cuts off the end.
            if (record.Time < last)
                notes.Add(new(0, AuditFault.Missing, Text($"record {record.Seq} of run {run} ({record.Event}) was never written here: its writer was ended before")));
            else
                problems.Add(new(0, AuditFault.Truncated, Text($"record {record.Seq} of run {run} ({record.Event}) is not here: the end was cut off, or its writer was ended just before this line")));
        }
        // Whole folders of runs go by age; a file alone does not.
        var known = own.Select(KeyOf).ToHashSet();
        return !ownIsThere ? [] : [.. all.Where(r => r.Identity == run && r.Event != AuditEvents.Recovered && !known.Contains(KeyOf(r)))
            .Select(r => new AuditProblem(0, AuditFault.Truncated, Text($"the file over all bottles has a record of {r.Time:yyyy-MM-dd HH:mm:ss}Z ({r.Event}) that is not here")))];
    }

    private static IEnumerable<string> Runs(BottleHome home) => Directory.Exists(home.RunsRoot)
        ? new DirectoryInfo(home.RunsRoot).EnumerateDirectories().Where(d => d.LinkTarget is null && Identity.IsValid(d.Name)).Select(d => d.Name).Order(StringComparer.Ordinal)
        : [];

    private static byte[]? Read(string path) => SafeReading.Read(path, Largest) is var (content, _) ? content : null;

    private static IEnumerable<AuditRecord> Records(byte[]? file)
    {
        for (ReadOnlyMemory<byte> rest = file; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            if (AuditChain.Read((end < 0 ? rest : rest[..end]).Span, out _) is { } record)
                yield return record;
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    private static Key KeyOf(AuditRecord record) => new(record.Time, record.Event, record.Actor, record.Before, record.After);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
