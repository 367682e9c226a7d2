using System.Globalization;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Traffic;

namespace Bottle.Host.Receipts;

/// <summary>A receipt, and what a check of it found, as people read them.</summary>
public static class ReceiptText
{
    private const int Label = 12;
    private const int MostHosts = 20;

    /// <summary>What a run was and did.</summary>
    public static string Render(Receipt receipt, string sha256)
    {
        var text = new StringBuilder();
        var exit = receipt.AgentExit is { } code ? string.Create(CultureInfo.InvariantCulture, $"the agent ended with {code}") : "nobody saw the agent end";
        text.Append(CultureInfo.InvariantCulture, $"{receipt.Identity}: agent {receipt.Agent} in bottle {receipt.Bottle}, {receipt.StartedAt:u} to {receipt.EndedAt:u}; {exit}\n");
        Lines(text, "MISSING", receipt.Gaps);
        Lines(text, "plan", receipt.Plan is { } plan ? [string.Create(CultureInfo.InvariantCulture, $"revision {plan.Revision}, SHA-256 {plan.Sha256}")] : ["none: the run never came so far"]);
        Lines(text, "images", receipt.Images.Select(image => $"{image.Service,-10} {image.Id}  {image.Image}"));
        Lines(text, "decisions", receipt.Decisions.Count == 0 ? ["none since the launch"] : receipt.Decisions.SelectMany(Decision));
        Lines(text, "audit", [Head("the run's", receipt.Audit.Run), Head("over all", receipt.Audit.Home)]);
        Lines(text, "pushes", receipt.Pushes is null ? [] : receipt.Pushes.Count == 0 ? ["none"] : receipt.Pushes.Select(Push));
        Lines(text, "traffic", Traffic(receipt.Traffic));
        Lines(text, "budget", receipt.Budget is { } budget ? [BudgetText.Used(budget)] : []);
        Lines(text, "files", receipt.Files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name}  {file.Bytes} bytes, SHA-256 {file.Sha256}")));
        Lines(text, "this receipt", [$"SHA-256 {sha256}"]);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>What a check found.</summary>
    public static string Render(ReceiptReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{(report.Problems.Count == 0 ? "holds " : "BROKEN")}  {report.Path}\n");
        Lines(text, "held", report.Held);
        Lines(text, "PROBLEM", report.Problems);
        Lines(text, "MISSING", report.Receipt.Gaps);
        Lines(text, "note", report.Notes);
        return text.Append("This finds what others changed; whoever has your account can write all of it anew. Keep this elsewhere to be sure of it later:\n  SHA-256 ").Append(report.Sha256).ToString();
    }

    /// <summary>What was requested, in one line; inert.</summary>
    public static string Summary(ReceiptTraffic traffic) => $"{Sums(traffic.Total)}{(traffic.Hosts.Count == 0 ? "" : $", of {string.Join(", ", traffic.Hosts.Take(3).Select(host => InertText.Excerpt(host.Host)))}{(traffic.Hosts.Count > 3 ? " and others" : "")}")}";

    private static IEnumerable<string> Decision(ReceiptDecision decision)
    {
        var came = decision.Revision is { } revision ? string.Create(CultureInfo.InvariantCulture, $"revision {revision}") : decision.Event == "rejected" ? "nothing changed" : "not put in force";
        yield return string.Create(CultureInfo.InvariantCulture, $"{decision.Time:u} {decision.Event} by {decision.Actor}: {came}{(decision.DiffSha256 is { } hash ? $", diff {hash[..12]}" : "")} (record {decision.Seq})");
        yield return $"  {decision.Question}";
    }

    private static string Push(ReceiptPush push) =>
        $"{push.Time} {push.Repository}: {push.Decision}{(push.Codes.Count == 0 ? "" : $" ({string.Join(", ", push.Codes)})")} {string.Join("; ", push.Refs)}";

    private static IEnumerable<string> Traffic(ReceiptTraffic traffic) =>
        [.. traffic.Hosts.Take(MostHosts).Select(host => $"{host.Host}: {Sums(host.Sums)}"),
            .. traffic.Hosts.Count > MostHosts ? [string.Create(CultureInfo.InvariantCulture, $"and {traffic.Hosts.Count - MostHosts} hosts more")] : Array.Empty<string>(),
            .. traffic.Credentials.Select(credential => $"with {credential.Slot}{(credential.Secret is { } secret ? $" ({secret})" : "")}: {Sums(credential.Sums)}"), $"in all: {Sums(traffic.Total)}"];

    private static string Sums(ReceiptSums sums) => string.Create(CultureInfo.InvariantCulture,
        $"{sums.Requests} requests, {sums.Denied} denied, {sums.Failed} failed, {TrafficText.Exchanged(sums.BytesIn, sums.BytesOut)}");

    private static string Head(string whose, ReceiptHead head) => string.Create(CultureInfo.InvariantCulture, $"{whose}: {head.Records} records, head {head.Head[..12]}");

    private static void Lines(StringBuilder text, string label, IEnumerable<string> lines)
    {
        foreach (var (line, index) in lines.Select((line, index) => (line, index)))
            text.Append(CultureInfo.InvariantCulture, $"  {(index == 0 ? label : "").PadRight(Label)} {InertText.Line(line)}\n");
    }
}
