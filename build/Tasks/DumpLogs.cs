using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Receipts;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Takes what outlives the run out of it: egress's request log always, the merged logs of all services when the run failed, and the receipt (SPEC B8, E7, N6).</summary>
[TaskDescription("Keeps the request log, writes the receipt, and keeps all logs of a run that failed")]
internal sealed class DumpLogs : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        if (context.OwnedByTeardown() is not { } state)
        {
            // Inside a launch that made no identity there is nothing to keep; asked for by name, a run that is not there is a mistake.
            if (context.Arguments.Bottle is { } unknown) throw context.IsMissing(unknown);
            return;
        }
        var records = new RunRecords(context.Home, TimeProvider.System);
        var kept = new List<string>();
        if (context.Launch.Failed || context.Arguments.Targets.Contains(Name, StringComparer.OrdinalIgnoreCase))
        {
            var log = await records.WriteComposeLogAsync(state.Identity, writer => context.Compose.LogsAsync(writer, CancellationToken.None));
            kept.Add(log);
            context.Console.Say($"    logs of the run: {log}");
        }
        try
        {
            // Last: what a container put in the log's place is reported, and shall not cost the other logs.
            kept.AddRange(records.CopyRequests(state));
        }
        finally
        {
            // While its containers are there to be asked.
            if (await new ReceiptWriter(context.Home, context.Engine, TimeProvider.System).WriteAsync(state, context.Launch.AgentExit, Gap(context, state)) is var (path, receipt))
            {
                kept.Add(path);
                if (receipt.Budget is { } budget) context.Console.Line($"    budget: {BudgetText.Used(budget)}");
                if (receipt.Traffic.Total.Requests > 0) context.Console.Line($"    {ReceiptText.Summary(receipt.Traffic)}; all of them: dotnet cake --target=Traffic --bottle={state.Identity}");
            }
            records.Prune();
        }
        context.Console.Note(string.Join(", ", kept));
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => ["copy requests.jsonl, and compose.log after a failure, to runs/<identity>/, and write receipt.json there"];

    // A run that somebody else began, and that was not left on purpose, lost its Bottle.
    private static string? Gap(BottleContext context, StateDirectory state) => context.Launch.HasBegun || state.IsPreserved ? null : ReceiptWriter.Killed;
}
