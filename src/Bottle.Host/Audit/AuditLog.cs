using Bottle.Contracts.Audit;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Apply;
using Bottle.Host.State;

namespace Bottle.Host.Audit;

/// <summary>
/// Records decisions and changes (SPEC J3, N5): in <c>runs/&lt;identity&gt;/audit.jsonl</c>, then in <c>audit.jsonl</c> over all bottles, 0600 and on disk when the call returns. One writer of a home at a time, so that no chain ever forks.
/// It does not defend against the operator's own account, which can write all of these files anew.
/// </summary>
public sealed class AuditLog(BottleHome home, TimeProvider time)
{
    /// <summary>The files' name.</summary>
    public const string FileName = "audit.jsonl";

    private const string LockName = "audit.lock";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Who types the commands, as records name him.</summary>
    public static string Operator => $"operator:{InertText.Line(Environment.UserName)}";

    /// <summary>The file of one run.</summary>
    public static string RunFile(BottleHome home, string identity) => Path.Combine(home.Runs(identity), FileName);

    /// <summary>The file over all runs.</summary>
    public static string HomeFile(BottleHome home) => Path.Combine(home.Root, FileName);

    /// <summary>Appends a record to both files. BTL3106 when one cannot be written, BTL7302 when another writer does not end.</summary>
    public Task AppendAsync(string identity, string @event, string actor, string? before, string? after, CancellationToken cancellationToken = default) =>
        AppendAsync(identity, @event, actor, before, after, isOnce: false, cancellationToken);

    /// <summary>Appends a record unless the run's file has one of this event with this <paramref name="after"/> already, whoever wrote it; false then. Errors as <see cref="AppendAsync(string, string, string, string?, string?, CancellationToken)"/>.</summary>
    public Task<bool> AppendOnceAsync(string identity, string @event, string actor, string? before, string after, CancellationToken cancellationToken = default) =>
        AppendAsync(identity, @event, actor, before, after, isOnce: true, cancellationToken);

    /// <summary>Records that an agent asked, once for each question, whoever saw it first; false when it stands there already. Errors as <see cref="AppendAsync(string, string, string, string?, string?, CancellationToken)"/>.</summary>
    public Task<bool> AppendProposedAsync(string identity, Proposal proposal, CancellationToken cancellationToken = default) =>
        AppendOnceAsync(identity, AuditEvents.Proposed, "agent", null, ProposedChange.Words(proposal), cancellationToken);

    private async Task<bool> AppendAsync(string identity, string @event, string actor, string? before, string? after, bool isOnce, CancellationToken cancellationToken)
    {
        SafeFolder.Create(home.Runs(identity));
        using var held = await FileLock.TakeAsync(Path.Combine(home.Root, LockName), Patience, cancellationToken).ConfigureAwait(false)
            ?? throw new BottleException(AuditErrors.Busy(Path.Combine(home.Root, LockName)));
        var entry = new AuditEntry
        {
            Time = time.GetUtcNow(),
            Identity = identity,
            Event = @event,
            Actor = actor,
            Before = before is null ? null : InertText.Block(before),
            After = after is null ? null : InertText.Block(after),
        };
        if (isOnce && AuditFile.All(RunFile(home, identity)).Any(record => record.Event == entry.Event && record.After == AuditChain.Cut(entry.After)))
            return false;
        // The run's first: what only it has then tells that the writer was ended between the two.
        new AuditFile(RunFile(home, identity)).Append(entry);
        new AuditFile(HomeFile(home)).Append(entry);
        return true;
    }

    /// <summary>Whether a run's newest records have one of an event whose second text begins so; looks no further back than a change takes.</summary>
    internal bool HasRecorded(string identity, string @event, string after) =>
        AuditFile.Newest(RunFile(home, identity)).Any(record => record.Event == @event && record.After is { } said && (said == after || said.StartsWith(after + "\n", StringComparison.Ordinal)));
}
