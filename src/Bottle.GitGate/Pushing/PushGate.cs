using System.Diagnostics;
using Bottle.Contracts.Git;
using Bottle.GitGate.Processes;
using Bottle.GitGate.Scanning;
using Bottle.GitGate.Upstream;

namespace Bottle.GitGate.Pushing;

/// <summary>Decides one push while its objects are in quarantine: policy, content, scan, and then upstream itself. Only when upstream has taken it may receive-pack move the gate's refs.</summary>
internal sealed class PushGate(PushSession session, Quarantine quarantine)
{
    // A scan holds objects and their views in memory and in /tmp.
    private static readonly SemaphoreSlim Scanning = new(2, 2);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _objects;
    private long _listed;
    private long _scanned;

    /// <summary>Whether receive-pack may go on. Every word for the client goes through <paramref name="say"/>.</summary>
    public async Task<bool> DecideAsync(IReadOnlyList<RefUpdate> updates, Func<string, Task> say)
    {
        var (refusals, words) = await JudgeAsync(updates);
        foreach (var line in words)
        {
            await say($"upstream: {line}");
        }
        foreach (var refusal in refusals)
        {
            await say($"bottle: {refusal.Code}: {refusal.Message}");
            foreach (var detail in refusal.Details)
            {
                await say($"  {detail}");
            }
            await say($"  fix: {refusal.Fix}");
        }
        if (refusals.Count == 0)
        {
            await say($"bottle: {_objects} new objects scanned, no secrets; upstream accepted");
        }
        Log(updates, refusals);
        return refusals.Count == 0;
    }

    private async Task<(IReadOnlyList<GateRefusal> Refusals, IReadOnlyList<string> Words)> JudgeAsync(IReadOnlyList<RefUpdate> updates)
    {
        var repository = session.Repository;
        try
        {
            var forwards = updates.Count > PushJudge.MaximumRefs ? [] : await FastForwardsAsync(updates);
            if (PushJudge.Judge(repository.Settings.Push, updates, forwards.Contains) is { Count: > 0 } refusals)
            {
                return (refusals, []);
            }
            await Scanning.WaitAsync();
            try
            {
                if (await JudgeContentAsync(updates) is { Count: > 0 } contentRefusals)
                {
                    return (contentRefusals, []);
                }
            }
            finally
            {
                Scanning.Release();
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            GateLog.Write("scan", ("repository", repository.Settings.Name), ("error", e.Message));
            return ([GateRefusals.ScanFailed("the objects could not be read or scanned")], []);
        }
        return await ForwardAsync(updates);
    }

    private async Task<IReadOnlyList<GateRefusal>> JudgeContentAsync(IReadOnlyList<RefUpdate> updates)
    {
        var pushed = await NewObjects.ListAsync(session.Repository, quarantine, updates);
        _objects = pushed.Objects.Count;
        _listed = _watch.ElapsedMilliseconds;
        var refusals = await Task.Run(() => new ContentJudge(session.Repository, quarantine, pushed).Judge().ToList());
        if (refusals.Any(refusal => refusal.Code == "BTL6409"))
        {
            // What is too large is not unpacked for a scan either.
            return refusals;
        }
        using var scan = new PushScan(session.Repository, quarantine, pushed);
        var findings = await scan.RunAsync(updates);
        _scanned = _watch.ElapsedMilliseconds;
        if (scan.LargeFilePointers is { Count: > 0 } pointers)
        {
            refusals.Add(GateRefusals.LargeFilePointer([.. pointers.Take(20)]));
        }
        if (findings.Count > 0)
        {
            refusals.Add(GateRefusals.Secrets(findings.Count, [.. findings.Take(20).Select(finding => finding.ToString())]));
        }
        return refusals;
    }

    private async Task<(IReadOnlyList<GateRefusal> Refusals, IReadOnlyList<string> Words)> ForwardAsync(IReadOnlyList<RefUpdate> updates)
    {
        await session.HoldRefsAsync();
        var outcome = await UpstreamPush.RunAsync(session.Repository, quarantine, updates);
        if (outcome.Refusal is null)
        {
            session.AwaitMove();
            return ([], outcome.Words);
        }
        session.RefsMoved();
        return ([outcome.Refusal], outcome.Words);
    }

    private async Task<HashSet<RefUpdate>> FastForwardsAsync(IReadOnlyList<RefUpdate> updates)
    {
        var environment = session.Repository.EnvironmentWith(quarantine.Variables);
        var forwards = new HashSet<RefUpdate>();
        foreach (var update in updates.Where(update => update is { Creates: false, Deletes: false, IsBranch: true }))
        {
            var result = await Tool.RunAsync("/usr/bin/git", ["merge-base", "--is-ancestor", update.Old, update.New], session.Repository.Folder, environment, null, TimeSpan.FromMinutes(2));
            if (result.Succeeded)
            {
                forwards.Add(update);
            }
        }
        return forwards;
    }

    private void Log(IReadOnlyList<RefUpdate> updates, IReadOnlyList<GateRefusal> refusals)
    {
        // A name may itself be the secret that was found: then only how many there are is written.
        var nameless = refusals.Any(refusal => refusal.Code == "BTL6412");
        GateLog.Write("push", ("client", session.Client), ("repository", session.Repository.Settings.Name),
            ("refs", nameless ? updates.Count : GateLog.List(updates.Take(PushJudge.MaximumRefs).Select(update => $"{update.Old[..12]}..{update.New[..12]} {Inert.Text(update.Ref)}"))),
            ("objects", _objects), ("decision", refusals.Count == 0 ? "accepted" : "refused"),
            ("codes", refusals.Count == 0 ? null : GateLog.List(refusals.Select(refusal => refusal.Code))),
            ("details", refusals.Count == 0 ? null : GateLog.List(refusals.Where(refusal => refusal.Code is "BTL6412" or "BTL6413").SelectMany(refusal => refusal.Details))), ("listed_ms", _listed), ("scanned_ms", _scanned), ("ms", _watch.ElapsedMilliseconds));
    }
}
