using System.Text.Json;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Receipts;
using Bottle.Host.State;
using Bottle.Host.Workspaces;

namespace Bottle.Build.Runs;

/// <summary>A run that is over, as lists show it: who wants its work or its records has to know what it is called.</summary>
/// <param name="Receipt">What it was.</param>
/// <param name="Work">What its agent changed in its copy; null when nothing was copied.</param>
internal sealed record EndedRun(Receipt Receipt, WorkRecord? Work)
{
    /// <summary>How it ended and what it left, in one line.</summary>
    internal string Text => $"ended {Receipt.EndedAt:u}{(Receipt.AgentExit is { } code ? $" with {code}" : "")}{(Work is null ? "" : $"; {WorkSummary.Headline(Work)}")}";

    /// <summary>The newest that have a receipt; only looks.</summary>
    internal static IReadOnlyList<EndedRun> Newest(BottleContext context, int most) =>
        !Directory.Exists(context.Home.RunsRoot) ? [] :
        [.. new DirectoryInfo(context.Home.RunsRoot).EnumerateDirectories().Where(folder => folder.LinkTarget is null && Identity.IsValid(folder.Name))
            .Where(folder => context.Store.Open(folder.Name) is null && File.Exists(Path.Combine(folder.FullName, RunRecords.Receipt)))
            .OrderByDescending(folder => File.GetLastWriteTimeUtc(Path.Combine(folder.FullName, RunRecords.Receipt))).Take(most).Select(folder => Read(context, folder)).OfType<EndedRun>()];

    /// <summary>Writes it as an object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("identity", Receipt.Identity);
        json.WriteString("agent", Receipt.Agent);
        json.WriteString("bottle", Receipt.Bottle);
        json.WriteString("started_at", Receipt.StartedAt);
        json.WriteString("ended_at", Receipt.EndedAt);
        if (Receipt.AgentExit is { } code) json.WriteNumber("agent_exit", code);
        if (Work is not null) json.WriteNumber("files_changed", Work.Files.Count);
        json.WriteEndObject();
    }

    // One that cannot be read is VerifyReceipt's to tell of, and hides no other.
    private static EndedRun? Read(BottleContext context, DirectoryInfo folder)
    {
        try
        {
            var (receipt, _, _) = ReceiptCheck.Read(Path.Combine(folder.FullName, RunRecords.Receipt), () => ViewErrors.NoReceipt(folder.Name, false));
            var work = File.Exists(Path.Combine(folder.FullName, RunRecords.Work)) ? new WorkBringer(context.Home, context.Runner, TimeProvider.System).Read(folder.Name) : null;
            return new EndedRun(receipt, work);
        }
        catch (BottleException)
        {
            return null;
        }
    }
}
