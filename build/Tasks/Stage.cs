using System.Diagnostics;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>
/// One step of a launch: file = class = target. It says what its result depends on and what it makes; where both are as they were, it does not run again (SPEC E3).
/// With <c>--dry-run</c> it says what it would do and does nothing.
/// </summary>
internal abstract class Stage : AsyncFrostingTask<BottleContext>
{
    private static readonly IReadOnlyDictionary<string, string> NoObjects = new Dictionary<string, string>();

    internal string Name => GetType().Name;

    public sealed override async Task RunAsync(BottleContext context)
    {
        if (context.Arguments.DryRun && !IsPure)
        {
            foreach (var line in WouldDo(context)) context.Console.Line($"  {Name,-18}would {line}");
            return;
        }
        context.Launch.HasBegun |= Stages.Launch.Contains(Name);
        var clock = Stopwatch.StartNew();
        try
        {
            context.Launch.Begin(Name);
            context.Console.Begun(Name);
            var run = await JudgeAsync(context);
            if (run.Reason is not null) await RunAsync(context, run, clock);
            else context.Launch.UpToDate.Add(Name);
        }
        catch (Exception failure)
        {
            context.Launch.FailedStage ??= Name;
            Try(() => context.Launch.Record(Record(StageRecord.Failed, clock) with { Detail = Words(failure) }));
            Try(() => context.Launch.End(Name));
            throw;
        }
        Try(() => context.Launch.End(Name));
        context.Launch.Finished.Add(Name);
    }

    /// <summary>Whether the stage must run, and why; only looks.</summary>
    internal async Task<StageRun> JudgeAsync(BottleContext context)
    {
        var record = context.RecordOf(Name);
        var inputs = await InputsAsync(context);
        if (inputs is null) return new StageRun(record, null, StageRun.EveryTime);
        if (context.Arguments.Forced.Contains(Name, StringComparer.OrdinalIgnoreCase)) return new StageRun(record, inputs, "--force");
        var changed = StageFreshness.Reason(record, inputs);
        var reason = changed ?? StageFreshness.Reason(record!, context.StateToRead!);
        // What was put in force while the bottle ran is not what the stage recorded, and serves all the same.
        if (reason is not null && record is { Result: StageRecord.Succeeded, Inputs: not null } && IsInForce(context, record, inputs)) (changed, reason) = (null, null);
        return new StageRun(record, inputs, reason ?? await LiveReasonAsync(context, record!)) { InputsChanged = changed is not null };
    }

    /// <summary>Whether the stage reads and decides only, so that a dry run may run it.</summary>
    protected virtual bool IsPure => false;

    /// <summary>What the result depends on; null: it is done every time.</summary>
    protected virtual Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context) => Task.FromResult<IReadOnlyList<StageInput>?>(null);

    /// <summary>The files that it makes, relative to the run's folder.</summary>
    protected virtual IEnumerable<string> Outputs(BottleContext context) => [];

    /// <summary>The engine's objects that it makes, by what <see cref="StageRecord.Outputs"/> calls them; asked once it is done.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string>> ObjectsAsync(BottleContext context) => Task.FromResult(NoObjects);

    /// <summary>Whether what the stage would make is there already, although it recorded something else: an approval has put it there.</summary>
    protected virtual bool IsInForce(BottleContext context, StageRecord record, IReadOnlyList<StageInput> inputs) => false;

    /// <summary>Why what it made no longer serves, by the engine or the clock; null when it does.</summary>
    protected virtual Task<string?> LiveReasonAsync(BottleContext context, StageRecord record) => Task.FromResult<string?>(null);

    /// <summary>Does the work.</summary>
    protected abstract Task ExecuteAsync(BottleContext context, StageRun run);

    /// <summary>What a dry run prints: the rest of a sentence that begins with "would".</summary>
    protected abstract IEnumerable<string> WouldDo(BottleContext context);

    private async Task RunAsync(BottleContext context, StageRun run, Stopwatch clock)
    {
        if (run is { Previous: not null, Inputs: not null }) context.Console.Progress($"{Name}: {run.Reason}");
        await ExecuteAsync(context, run);
        var outputs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (context.Launch.Claim is { } claim)
            foreach (var file in Outputs(context)) outputs[file] = ContentDigest.OfFile(claim[file]) ?? "none";
        foreach (var (name, id) in await ObjectsAsync(context)) outputs[name] = id;
        var record = Record(StageRecord.Succeeded, clock) with { Cause = run.Reason, Inputs = run.Inputs, Outputs = outputs.Count > 0 ? outputs : null };
        // What takes things away is not undone by a full disk.
        if (Stages.Teardown.Contains(Name)) Try(() => context.Launch.Record(record));
        else context.Launch.Record(record);
    }

    private static string Words(Exception failure) => failure switch
    {
        BottleException known => known.Diagnostics[0].Message,
        OperationCanceledException => "it was interrupted",
        _ => failure.Message,
    };

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (BottleException)
        {
            // Where not even the record can be written, the failure itself is what people must hear of.
        }
    }

    private StageRecord Record(string result, Stopwatch clock) =>
        new(Name, result, TimeProvider.System.GetUtcNow() - clock.Elapsed, (long)clock.Elapsed.TotalMilliseconds);
}
