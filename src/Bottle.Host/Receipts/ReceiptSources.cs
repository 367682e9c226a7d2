using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Contracts.Audit;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.State;
using Bottle.Host.Traffic;

namespace Bottle.Host.Receipts;

/// <summary>The parts of a receipt that are computed from records, by the one who writes it and again by the one who checks it.</summary>
internal static partial class ReceiptSources
{
    private const int QuestionLength = 400;
    private const int MostPushes = 5000;
    private const long LargestAudit = 256L * 1024 * 1024;

    /// <summary>The kept records that a receipt names by their content; the audit log is held by its chain instead, because it may go on.</summary>
    public static readonly string[] Files = [RunRecords.Requests, RunRecords.NewestRequests, RunRecords.Budget, RunRecords.Plan, RunRecords.ComposeLog, "work.patch"];

    /// <summary>Sums over the kept request log of a folder.</summary>
    public static (ReceiptTraffic Traffic, bool WasFull) Traffic(string folder, BottlePlan? plan)
    {
        var summary = new TrafficSummary();
        var reader = TrafficReader.OfFolder(folder);
        reader.ReadOn(summary.Add);
        var secrets = (plan?.Egress?.Tokens ?? []).ToDictionary(slot => slot.Name, slot => slot.Secret.ToString(), StringComparer.Ordinal);
        return (new ReceiptTraffic(
            Sums(summary.Total),
            [.. summary.Hosts.Select(pair => new ReceiptHost(InertText.Line(pair.Key), Sums(pair.Value)))],
            [.. summary.Credentials.Select(pair => new ReceiptCredential(InertText.Line(pair.Key), secrets.GetValueOrDefault(pair.Key), Sums(pair.Value)))],
            reader.Unreadable), File.Exists(Path.Combine(folder, RunRecords.NewestRequests)));
    }

    /// <summary>The decisions in the first <paramref name="records"/> of an audit log.</summary>
    public static IReadOnlyList<ReceiptDecision> Decisions(IEnumerable<AuditRecord> records)
    {
        var decisions = new List<ReceiptDecision>();
        foreach (var record in records)
        {
            switch (record.Event)
            {
                case AuditEvents.Approved or AuditEvents.Edited or AuditEvents.Extended or AuditEvents.LeaseEnded or AuditEvents.Rejected:
                    decisions.Add(new(record.Seq, record.Time, record.Event, record.Actor, InertText.Excerpt(record.Before ?? "", QuestionLength),
                        record.Event == AuditEvents.Rejected || DiffHash().Match(record.After ?? "") is not { Success: true } granted ? null : granted.Groups["hash"].Value, null));
                    break;
                case AuditEvents.Applied when decisions.Count > 0 && Revision().Match(record.After ?? "") is { Success: true } applied:
                    decisions[^1] = decisions[^1] with { Revision = int.Parse(applied.Groups["number"].Value, CultureInfo.InvariantCulture) };
                    break;
            }
        }
        return decisions;
    }

    /// <summary>The readable records of an audit file, in their order; none when there is no file.</summary>
    public static IReadOnlyList<AuditRecord> Audit(byte[]? file)
    {
        var records = new List<AuditRecord>();
        for (ReadOnlyMemory<byte> rest = file; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            if (AuditChain.Read((end < 0 ? rest : rest[..end]).Span, out _) is { } record)
                records.Add(record);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        return records;
    }

    /// <summary>An audit file's bytes; null when there is none.</summary>
    public static byte[]? AuditBytes(string path) => SafeReading.Read(path, LargestAudit) is var (content, _) ? content : null;

    /// <summary>Pushes in what the git-gate logged, oldest first.</summary>
    /// <param name="lines">Its lines, each with the engine's time in front.</param>
    public static IReadOnlyList<ReceiptPush> Pushes(IEnumerable<string> lines)
    {
        var pushes = new List<ReceiptPush>();
        foreach (var line in lines.Where(line => line.Contains("\"event\":\"push\"", StringComparison.Ordinal)).Take(MostPushes))
        {
            try
            {
                using var document = JsonDocument.Parse(LogLine.Of("", line).Text);
                var push = document.RootElement;
                if (push.Text("event") == "push")
                    pushes.Add(new(Inert(push, "time"), Inert(push, "repository"), Inert(push, "decision"), List(push, "refs"), List(push, "codes")));
            }
            catch (JsonException)
            {
                // A line that broke off when the gate was ended.
            }
        }
        return pushes;
    }

    private static string Inert(JsonElement element, string name) => InertText.Excerpt(element.Text(name) ?? "", 200);

    private static IReadOnlyList<string> List(JsonElement element, string name) =>
        [.. element.Member(name).Items().Where(item => item.ValueKind == JsonValueKind.String).Select(item => InertText.Excerpt(item.GetString()!, 300))];

    private static ReceiptSums Sums(TrafficTotals totals) => new(totals.Requests, totals.Denied, totals.Failed, totals.BytesIn, totals.BytesOut);

    [GeneratedRegex("diff (?<hash>[0-9a-f]{64})$")]
    private static partial Regex DiffHash();

    [GeneratedRegex("^revision (?<number>[0-9]{1,9})(\n|$)")]
    private static partial Regex Revision();
}
