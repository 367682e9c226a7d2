using System.Globalization;
using System.Security.Cryptography;

namespace Bottle.Contracts.Audit;

/// <summary>Holds an audit file against its own chain. What it cannot see is an end that was cut off between two lines: another record of the last hash has to tell (a receipt, or the file over all bottles).</summary>
public static class AuditVerifier
{
    private readonly record struct Line(int Number, ReadOnlyMemory<byte> Bytes, AuditRecord? Record, string Problem);

    /// <summary>Everything wrong in a file; <paramref name="identity"/> when all of its records must be of one run.</summary>
    public static AuditVerdict Verify(ReadOnlyMemory<byte> file, string? identity = null)
    {
        var lines = Split(file).ToList();
        var problems = new List<AuditProblem>();
        var notes = new List<AuditProblem>();
        CheckReadable(lines, IsCutOff(file), problems, notes);
        var records = lines.Where(line => line.Record is not null).ToList();
        CheckOrder(records, problems);
        foreach (var line in records)
        {
            if (!AuditChain.HasItsHash(line.Bytes.Span))
            {
                problems.Add(new(line.Number, AuditFault.Changed, Text($"record {line.Record!.Seq} is not as it was written: its hash does not fit")));
            }
            if (identity is not null && line.Record!.Identity != identity)
            {
                problems.Add(new(line.Number, AuditFault.Foreign, Text($"record {line.Record.Seq} is of another run")));
            }
        }
        return new AuditVerdict(records.Count, records.Count == 0 ? AuditChain.Start : records[^1].Record!.Hash, [.. problems.OrderBy(p => p.Line)], notes);
    }

    private static bool IsCutOff(ReadOnlyMemory<byte> file) => file.Length > 0 && file.Span[^1] != '\n';

    private static IEnumerable<Line> Split(ReadOnlyMemory<byte> file)
    {
        for (var number = 1; file.Length > 0; number++)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var bytes = end < 0 ? file : file[..end];
            var record = AuditChain.Read(bytes.Span, out var problem);
            yield return new Line(number, bytes, record, problem);
            file = end < 0 ? default : file[(end + 1)..];
        }
    }

    private static void CheckReadable(List<Line> lines, bool isCutOff, List<AuditProblem> problems, List<AuditProblem> notes)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var isLast = i == lines.Count - 1;
            if (line.Record is not null)
            {
                if (isLast && isCutOff)
                {
                    problems.Add(new(line.Number, AuditFault.Truncated, "the last line has no line feed: its writer was ended, or the file was cut"));
                }
                continue;
            }
            var sum = Convert.ToHexStringLower(SHA256.HashData(line.Bytes.Span));
            // The next writer may have been ended too: several such lines can stand before the record that names them.
            if (lines.Skip(i + 1).FirstOrDefault(l => l.Record is not null).Record is { Event: AuditEvents.Recovered, Before: { } left } && left.Contains(sum, StringComparison.Ordinal))
            {
                notes.Add(new(line.Number, AuditFault.Truncated, "a writer was ended in the middle of this line; the next record says so"));
            }
            else if (isLast && isCutOff)
            {
                problems.Add(new(line.Number, AuditFault.Truncated, "the last line breaks off: its writer was ended, or the file was cut"));
            }
            else
            {
                problems.Add(new(line.Number, AuditFault.Unreadable, $"this is no audit record: {line.Problem}"));
            }
        }
    }

    private static void CheckOrder(List<Line> records, List<AuditProblem> problems)
    {
        var present = records.Select(r => r.Record!.Seq).ToHashSet();
        var seen = new HashSet<long>();
        long expected = 1;
        var previous = AuditChain.Start;
        foreach (var (number, _, record, _) in records)
        {
            var seq = record!.Seq;
            if (!seen.Add(seq))
            {
                problems.Add(new(number, AuditFault.Moved, Text($"record {seq} is there twice")));
                continue;
            }
            if (seq < expected)
            {
                problems.Add(new(number, AuditFault.Moved, Text($"record {seq} stands behind record {expected - 1}")));
                continue;
            }
            if (seq > expected)
            {
                ReportGap(number, expected, seq, present, problems);
            }
            else if (record.Prev != previous)
            {
                problems.Add(new(number, AuditFault.Changed, Text($"record {seq} does not follow the record before it: one of the two was rewritten")));
            }
            expected = seq + 1;
            previous = record.Hash;
        }
    }

    // What stands elsewhere is reported there.
    private static void ReportGap(int number, long expected, long seq, HashSet<long> present, List<AuditProblem> problems)
    {
        var first = expected;
        while (first < seq && present.Contains(first))
        {
            first++;
        }
        if (first == seq)
        {
            return;
        }
        problems.Add(new(number, AuditFault.Missing, first == seq - 1
            ? Text($"record {first} is missing before record {seq}")
            : Text($"records between {first} and {seq - 1} are missing before record {seq}")));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
