using Bottle.Contracts.Audit;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Audit;
using Bottle.Host.Budgets;
using Bottle.Host.Docker;
using Bottle.Host.State;

namespace Bottle.Host.Receipts;

/// <summary>Writes the receipt of a run at its end, while its containers are still there (SPEC N6). What cannot be had becomes a gap: a receipt is written however the run ended.</summary>
public sealed class ReceiptWriter(BottleHome home, DockerEngine engine, TimeProvider time)
{
    /// <summary>The gap of a run whose Bottle was killed.</summary>
    public const string Killed = "Bottle was ended while the run was up: nobody saw the agent end, and what happened between that and this receipt is known by its logs alone";

    private readonly RunRecords records = new(home, time);

    /// <summary>
    /// Writes it from the records that are kept already, and returns its path and content; null when the run never got as far as metadata. <paramref name="gap"/> is what the caller knows to be missing.
    /// What an earlier receipt of the same run knows of gaps and pushes stays: its containers, and their logs, are gone.
    /// </summary>
    public async Task<(string Path, Receipt Receipt)?> WriteAsync(StateDirectory state, int? agentExit, string? gap = null, CancellationToken cancellationToken = default)
    {
        if (state.ReadMetadata() is not { } metadata)
            return null;
        var gaps = new List<string>(gap is null ? [] : [gap]);
        var plan = Plan(state, gaps, out var planHash);
        var earlier = Earlier(state.Identity, metadata.StartedAt);
        var images = ImagesAsync(plan, gaps, cancellationToken);
        var pushes = PushesAsync(plan, gaps, cancellationToken);
        var (madeOf, pushed) = (await images.ConfigureAwait(false), await pushes.ConfigureAwait(false));
        var folder = home.Runs(state.Identity);
        // A run that had its end, and whose kept state somebody removes now, has its receipt.
        if (earlier is not null && madeOf.Count == 0 && !HasRunSince(metadata, earlier))
            return (Path.Combine(folder, RunRecords.Receipt), earlier);
        var (traffic, wasFull) = ReceiptSources.Traffic(folder, plan);
        if (wasFull)
            gaps.Add("the request log was full: requests between its first and its newest lines are not counted");
        if (traffic.Unreadable > 0)
            gaps.Add($"{traffic.Unreadable} lines of the request log are no requests");
        var audit = ReceiptSources.AuditBytes(AuditLog.RunFile(home, state.Identity));
        var counts = await KeepCountsAsync(state, plan, cancellationToken).ConfigureAwait(false);
        var end = time.GetUtcNow();
        var budget = counts?.Against(plan?.Egress?.Budget?.Limits, end);
        if (budget?.Error is { } uncounted)
            gaps.Add($"what was used of the budget is not known: {uncounted}");
        var receipt = new Receipt
        {
            V = Receipt.CurrentVersion,
            Identity = state.Identity,
            Agent = metadata.AgentName,
            Bottle = metadata.Bottle,
            Home = home.Hash,
            StartedAt = metadata.StartedAt.ToUniversalTime(),
            EndedAt = end,
            AgentExit = agentExit,
            Gaps = [.. (earlier?.Gaps ?? []).Concat(gaps).Distinct(StringComparer.Ordinal)],
            Plan = plan is null ? null : new ReceiptPlan(plan.Revision, planHash!),
            Images = madeOf.Count > 0 ? madeOf : earlier?.Images ?? [],
            Decisions = ReceiptSources.Decisions(ReceiptSources.Audit(audit)),
            Audit = new ReceiptAudit(Head(audit), Head(ReceiptSources.AuditBytes(AuditLog.HomeFile(home)))),
            Pushes = pushed is null && earlier?.Pushes is null ? null : [.. (earlier?.Pushes ?? []).Concat(pushed ?? []).DistinctBy(push => (push.Time, push.Repository, string.Join('\n', push.Refs)))],
            Traffic = traffic,
            Budget = budget,
            Files = [.. ReceiptSources.Files.Select(name => File(folder, name)).OfType<ReceiptFile>()],
        };
        return (records.Keep(state.Identity, RunRecords.Receipt, ReceiptFormat.Write(receipt).Content), receipt);
    }

    /// <summary>A file of a folder by its content; null when none of this name is there.</summary>
    internal static ReceiptFile? File(string folder, string name)
    {
        const long largest = 256L * 1024 * 1024;
        return SafeReading.Read(Path.Combine(folder, name), largest) is var (content, _) ? new ReceiptFile(name, content.Length, ContentDigest.Of(content)) : null;
    }

    /// <summary>Where an audit file ends.</summary>
    internal static ReceiptHead Head(byte[]? file) => ReceiptSources.Audit(file) is [.., var last] ? new(last.Seq, last.Hash) : new(0, AuditChain.Start);

    // The bytes in force are kept beside the receipt, so that their hash can be computed again.
    private BottlePlan? Plan(StateDirectory state, List<string> gaps, out string? hash)
    {
        hash = null;
        try
        {
            if (PlanStore.Read(state) is not { } plan || SafeReading.Read(state[StateLayout.Plan], ReceiptFormat.MaxLength * 2) is not var (content, _))
                return null;
            records.Keep(state.Identity, RunRecords.Plan, content);
            hash = ContentDigest.Of(content);
            return plan;
        }
        catch (BottleException e)
        {
            gaps.Add($"the plan cannot be read: {e.Diagnostics[0].Message}");
            return null;
        }
    }

    private async Task<IReadOnlyList<ReceiptImage>> ImagesAsync(BottlePlan? plan, List<string> gaps, CancellationToken cancellationToken)
    {
        if (plan is null)
            return [];
        var services = Services(plan).ToList();
        try
        {
            var found = await engine.MadeOfAsync([.. services.Select(plan.Names.Container)], cancellationToken).ConfigureAwait(false);
            var missing = services.Where(service => !found.Any(image => image.Service == service)).ToList();
            if (missing.Count > 0)
                Add(gaps, $"no container of {string.Join(", ", missing)} was there any more: its image is not known by what ran");
            return [.. found.Select(image => new ReceiptImage(image.Service, image.Image, image.ImageId)).OrderBy(image => image.Service, StringComparer.Ordinal)];
        }
        catch (BottleException e)
        {
            Add(gaps, $"the engine did not say what ran: {e.Diagnostics[0].Message}");
            return [];
        }
    }

    private async Task<IReadOnlyList<ReceiptPush>?> PushesAsync(BottlePlan? plan, List<string> gaps, CancellationToken cancellationToken)
    {
        if (plan?.GitGate is null)
            return null;
        try
        {
            var lines = await engine.LogLinesAsync(plan.Names.Container("git-gate"), since: null, tail: null, cancellationToken).ConfigureAwait(false);
            if (lines.Count == 0)
                Add(gaps, "the git-gate's log is gone: pushes are not known");
            return ReceiptSources.Pushes(lines);
        }
        catch (BottleException e)
        {
            Add(gaps, $"the git-gate's log could not be read: {e.Diagnostics[0].Message}");
            return [];
        }
    }

    private async Task<CountsFile?> KeepCountsAsync(StateDirectory state, BottlePlan? plan, CancellationToken cancellationToken)
    {
        if (plan?.Egress?.Budget is null)
            return null;
        await RunBudget.SettleAsync(engine, plan, cancellationToken).ConfigureAwait(false);
        var counts = CountsFile.Read(state[StateLayout.BudgetCounts]);
        if (counts.Content is { } content)
            records.Keep(state.Identity, RunRecords.Budget, content);
        return counts;
    }

    private static bool HasRunSince(Metadata metadata, Receipt earlier) =>
        metadata.Stages.Any(stage => stage.Started > earlier.EndedAt && stage.Name is not ("SaveWork" or "DumpLogs" or "ComposeDown" or "Cleanup"));

    private static void Add(List<string> gaps, string gap)
    {
        lock (gaps)
            gaps.Add(gap);
    }

    private static IEnumerable<string> Services(BottlePlan plan) =>
        new[] { "agent", plan.Egress is null ? null : "egress", plan.Pipelock?.Service, plan.GitGate is null ? null : "git-gate", plan.Supervise is null ? null : "supervise" }
            .OfType<string>().Concat(plan.TestUpstreams.Select(upstream => upstream.Service));

    private Receipt? Earlier(string identity, DateTimeOffset started) =>
        SafeReading.Read(Path.Combine(home.Runs(identity), RunRecords.Receipt), ReceiptFormat.MaxLength) is var (content, _)
        && ReceiptFormat.Read(content, out var isAsWritten, out _) is { } earlier && isAsWritten && earlier.StartedAt == started ? earlier : null;
}
