namespace Bottle.Core.Planning;

/// <summary>Tells what pipelock needs to get from one revision to the next (SPEC K2, facts/pipelock.md 8).</summary>
/// <remarks>
/// In strict mode a reload may change the allowlist and drop passthrough hosts, and nothing that widens otherwise. A passthrough host that goes altogether needs no more than a reload:
/// egress judges each request, so that what is left of its tunnels carries nothing. One that stays and is inspected from now on needs the other instance, as does a table in which hosts both come and go:
/// between the two reloads requests would be refused that both tables allow.
/// </remarks>
public static class PipelockChanges
{
    /// <summary>The change between two plans of one run. <see cref="PipelockChange.None"/> says that both render to the same file.</summary>
    public static PipelockChange Between(PipelockPlan before, PipelockPlan after)
    {
        if (!SameContainer(before, after) || Adds(before.CredentialHeaders, after.CredentialHeaders) || Adds(before.Passthrough, after.Passthrough))
            return PipelockChange.Replace;
        if (before.Passthrough.Except(after.Passthrough, StringComparer.Ordinal).Any(host => after.Allowlist.Any(other => EgressPlanner.Overlap(host, other))))
            return PipelockChange.Replace;
        var comes = Adds(before.Allowlist, after.Allowlist);
        var goes = Adds(after.Allowlist, before.Allowlist) || Adds(after.Passthrough, before.Passthrough) || Adds(after.CredentialHeaders, before.CredentialHeaders);
        return (comes, goes) switch
        {
            (true, true) => PipelockChange.Replace,
            (true, false) => PipelockChange.ReloadFirst,
            (false, true) => PipelockChange.ReloadLast,
            _ => PipelockChange.None,
        };
    }

    // What a container is started with, and what strict mode refuses to reload.
    private static bool SameContainer(PipelockPlan before, PipelockPlan after) =>
        before.Instance == after.Instance && before.Image == after.Image && before.Limits == after.Limits
        && before.HasOwnRoots == after.HasOwnRoots && before.ResolvesOutside == after.ResolvesOutside
        && before.AllowedAddresses.SequenceEqual(after.AllowedAddresses, StringComparer.Ordinal) && before.ExtraHosts.SequenceEqual(after.ExtraHosts);

    // The name that stands in an empty list is nobody's host.
    private static bool Adds(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        after.Except(before, StringComparer.Ordinal).Any(entry => entry != PipelockPlanner.NoHost);
}
