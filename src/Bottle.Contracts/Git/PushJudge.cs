namespace Bottle.Contracts.Git;

/// <summary>Decides what a push may do to refs, from the manifest's policy alone; what it carries is judged elsewhere (<see cref="RunsElsewhere"/>, the scan).</summary>
public static class PushJudge
{
    /// <summary>The most refs in one push.</summary>
    public const int MaximumRefs = 32;

    /// <summary>Every reason against a push, none when it may go on.</summary>
    /// <param name="policy">The manifest's.</param>
    /// <param name="updates">The commands, at least one.</param>
    /// <param name="isFastForward">Whether an update of an existing ref keeps what it has; asked only for well-formed branches and tags.</param>
    public static IReadOnlyList<GateRefusal> Judge(PushPolicy policy, IReadOnlyList<RefUpdate> updates, Func<RefUpdate, bool> isFastForward)
    {
        ArgumentNullException.ThrowIfNull(updates);
        return updates.Count > MaximumRefs
            ? [GateRefusals.TooMany(updates.Count, MaximumRefs)]
            : [.. updates.Select(update => Judge(policy, update, isFastForward)).OfType<GateRefusal>(), .. Twice(updates)];
    }

    private static IEnumerable<GateRefusal> Twice(IEnumerable<RefUpdate> updates) =>
        updates.GroupBy(update => update.Ref, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).Select(group => GateRefusals.Twice(group.First()));

    private static GateRefusal? Judge(PushPolicy policy, RefUpdate update, Func<RefUpdate, bool> isFastForward) =>
        !update.IsBranch && !update.IsTag ? GateRefusals.Namespace(update)
        : !RefName.IsSafe(update.Ref) ? GateRefusals.UnsafeName(update)
        : update.IsTag && !policy.Tags ? GateRefusals.Tag(update)
        : update.IsBranch && BranchPattern.MatchesAny(policy.Protected, update.ShortName) ? GateRefusals.Protected(update)
        : update.IsBranch && !BranchPattern.MatchesAny(policy.Branches, update.ShortName) ? GateRefusals.NotAllowed(update, policy.Branches)
        : update.Deletes ? (policy.Delete ? null : GateRefusals.Delete(update))
        : policy.Force || update.Creates ? null
        // A tag that exists is history: moving it rewrites what people have, even forwards.
        : update.IsTag || !isFastForward(update) ? GateRefusals.Force(update)
        : null;
}
