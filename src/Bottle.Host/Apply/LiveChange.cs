using System.Diagnostics;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Apply;

/// <summary>A change on disk and in the sidecars. Pipelock lets through at every moment what egress does, forwards and backwards (SPEC G2): that way no request is lost between the two, but for those of a sidecar that has to be started anew.</summary>
internal sealed class LiveChange(ApplyServices services, StateDirectory state, BottlePlan plan)
{
    private readonly EgressControl egress = new(services.Engine, plan, services.Limits);

    /// <summary>What was begun before anything changed: the program that waits for egress's new table, and the place in pipelock's log.</summary>
    public readonly record struct Standing(Task<CommandResult> Waiting, string? PipelockMark);

    /// <summary>Looks at both; BTL7111 when egress does not answer: then nothing could be confirmed, and nothing is begun.</summary>
    public async Task<Standing> BeginAsync(BottlePlan next, CancellationToken cancellationToken)
    {
        var mark = new PipelockControl(services.Engine, plan, services.Limits).MarkAsync(cancellationToken);
        if (!await egress.IsThereAsync(cancellationToken).ConfigureAwait(false))
            throw new BottleException(ApprovalErrors.NotRunning(state.Identity));
        return new Standing(egress.BeginWaiting(next, cancellationToken), await mark.ConfigureAwait(false));
    }

    /// <summary>From the old revision to the new one, each step confirmed.</summary>
    public async Task ForwardAsync(ApplyJournal journal, BottlePlan next, Standing before, CancellationToken cancellationToken)
    {
        Write(journal, StateLayout.ComposeFile, isNew: true);
        if (journal.Pipelock == PipelockChange.Replace)
            await StartAsync(journal, cancellationToken).ConfigureAwait(false);
        if (journal.Pipelock == PipelockChange.ReloadFirst)
            await PipelockAsync(journal, next, before.PipelockMark, isNew: true, cancellationToken).ConfigureAwait(false);
        Write(journal, StateLayout.Routes, isNew: true);
        await egress.ReloadAsync(next, before.Waiting, cancellationToken).ConfigureAwait(false);
        if (journal.Pipelock == PipelockChange.ReloadLast)
            await PipelockAsync(journal, next, before.PipelockMark, isNew: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Back to the old revision, whatever was done, in the opposite order. When a sidecar does not confirm it, all files are the old ones nevertheless: what starts again reads them.</summary>
    public async Task BackAsync(ApplyJournal journal, BottlePlan old)
    {
        try
        {
            await ReturnAsync(journal, old).ConfigureAwait(false);
        }
        catch (BottleException)
        {
            foreach (var file in journal.Files.Where(file => file.Old is not null))
                Write(journal, file.Path, isNew: false);
            throw;
        }
    }

    private async Task ReturnAsync(ApplyJournal journal, BottlePlan old)
    {
        var none = CancellationToken.None;
        Write(journal, StateLayout.ComposeFile, isNew: false);
        if (journal.Pipelock == PipelockChange.ReloadLast)
            await SurelyAsync(journal, old.Pipelock!.Service, () => PipelockBackAsync(journal, old)).ConfigureAwait(false);
        Write(journal, StateLayout.Routes, isNew: false);
        await SurelyAsync(journal, EgressControl.Service, () => egress.ReloadAsync(old, waiting: null, none)).ConfigureAwait(false);
        if (journal.Pipelock == PipelockChange.ReloadFirst)
            await SurelyAsync(journal, old.Pipelock!.Service, () => PipelockBackAsync(journal, old)).ConfigureAwait(false);
        if (journal.Pipelock == PipelockChange.Replace)
            await RemoveAsync(journal.PipelockService, none).ConfigureAwait(false);
    }

    /// <summary>Asked anew each time: what it said before it was started anew is no answer.</summary>
    private async Task PipelockBackAsync(ApplyJournal journal, BottlePlan old)
    {
        var mark = await new PipelockControl(services.Engine, old, services.Limits).MarkAsync(CancellationToken.None).ConfigureAwait(false);
        await PipelockAsync(journal, old, mark, isNew: false, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>
    /// A sidecar that does not confirm its old file is started anew, once for each change, and asked again. It hangs, or may not go back while it runs (pipelock's strict mode), or the engine has lost it: one that dies just as it is
    /// signalled may stay down, or run where no program can be started beside it (moby 43402, 47408).
    /// </summary>
    private async Task SurelyAsync(ApplyJournal journal, string service, Func<Task> reload)
    {
        try
        {
            await reload().ConfigureAwait(false);
        }
        catch (BottleException first) when (!journal.StartedAnew.Contains(service))
        {
            try
            {
                await StartAnewAsync(journal, service).ConfigureAwait(false);
                await reload().ConfigureAwait(false);
            }
            catch (Exception second) when (second is BottleException or IOException)
            {
                throw new BottleException([.. first.Diagnostics, .. (second as BottleException)?.Diagnostics ?? []], second);
            }
        }
    }

    private async Task StartAnewAsync(ApplyJournal journal, string service)
    {
        // What has ended with the machine is not brought back beside no agent.
        if (!(await services.Engine.RunningAsync(services.Home.Hash, state.Identity).ConfigureAwait(false)).Any(container => container.Service == "agent"))
            throw new BottleException(ApprovalErrors.NotRunning(state.Identity));
        journal.StartedAnew.Add(service);
        journal.Write(state);
        var name = plan.Names.Container(service);
        await services.Engine.RestartAsync(name).ConfigureAwait(false);
        // A process that is just starting does not catch a signal yet, and would end.
        for (var clock = Stopwatch.StartNew(); !await services.Engine.IsHealthyAsync(name).ConfigureAwait(false); await Task.Delay(services.Limits.Pause).ConfigureAwait(false))
        {
            if (clock.Elapsed > services.Limits.Confirm)
                throw new BottleException(ApplyErrors.SidecarRefused(service, "it was started anew, and did not become healthy in time"));
        }
    }

    /// <summary>What is left when the new revision counts: the pipelock that was replaced ends when nothing goes through it any more, or its time is over. Null when none was replaced.</summary>
    public async Task<bool?> FinishAsync(ApplyJournal journal, BottlePlan plan, CancellationToken cancellationToken)
    {
        if (journal.Pipelock != PipelockChange.Replace)
            return null;
        var drained = await DrainAsync(journal, plan, cancellationToken).ConfigureAwait(false);
        await RemoveAsync(journal.OldPipelockService, CancellationToken.None).ConfigureAwait(false);
        return drained;
    }

    /// <summary>Whether all that went through the old pipelock has ended; whoever is interrupted waits no longer.</summary>
    private async Task<bool> DrainAsync(ApplyJournal journal, BottlePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var gate = plan.GitGate is null ? Task.FromResult(true) : new GateControl(services.Engine, plan, services.Limits).DrainAsync(cancellationToken);
            var drained = await egress.DrainAsync(journal.OldPipelockAlias, cancellationToken).ConfigureAwait(false);
            return await gate.ConfigureAwait(false) && drained;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task StartAsync(ApplyJournal journal, CancellationToken cancellationToken)
    {
        Write(journal, StateLayout.PipelockConfig(journal.PipelockService), isNew: true);
        var project = new ComposeProject(services.Engine, state.Path, plan.Names.Project, services.Home.Hash);
        (await project.UpServiceAsync(journal.PipelockService, cancellationToken).ConfigureAwait(false)).ThrowIfFailed();
    }

    private async Task PipelockAsync(ApplyJournal journal, BottlePlan wanted, string? mark, bool isNew, CancellationToken cancellationToken)
    {
        var file = Write(journal, StateLayout.PipelockConfig(wanted.Pipelock!.Service), isNew);
        if (file is not null)
            await new PipelockControl(services.Engine, wanted, services.Limits).ReloadAsync(isNew ? file.New! : file.Old!, mark, cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveAsync(string service, CancellationToken cancellationToken)
    {
        await services.Engine.RemoveContainersAsync([plan.Names.Container(service)], cancellationToken).ConfigureAwait(false);
        File.Delete(state[StateLayout.PipelockConfig(service)]);
    }

    /// <summary>Writes one of the journal's files as it shall be; null when the change leaves that file alone.</summary>
    private FileChange? Write(ApplyJournal journal, string path, bool isNew)
    {
        if (journal.Files.FirstOrDefault(f => f.Path == path) is not { } file)
            return null;
        if ((isNew ? file.New : file.Old) is { } text)
            state.Writer(plan.RunAs).Write(path, text);
        return file;
    }
}
