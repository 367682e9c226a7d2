using System.Collections.Immutable;
using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Explaining;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;
using Bottle.Host.Apply;
using Bottle.Host.State;
using Bottle.Host.Supervision;
using Bottle.Host.Traffic;

namespace Bottle.Dashboard.Shell;

/// <summary>Does what the model wants, through the operator's desk as the commands do; what comes of it is an event. Nothing here is waited for by the screen.</summary>
/// <param name="settings">What it works with.</param>
/// <param name="post">Takes events.</param>
/// <param name="suspended">Runs something while the terminal is given back, for the editor.</param>
internal sealed class Operations(DashboardSettings settings, Action<DashboardEvent> post, Func<Func<Task<string>>, Task<string>> suspended) : IDisposable
{
    private readonly List<Task> running = [];
    private readonly OperatorDesk desk = new(settings.Services);
    private readonly RouteEditor editor = new(settings.Services.Home, settings.Runner);
    private readonly ImageChange imageChange = new(settings, post);

    /// <summary>Begins a wish.</summary>
    public void Begin(Wish wish, CancellationToken cancellationToken)
    {
        running.RemoveAll(task => task.IsCompleted);
        running.Add(Task.Run(() => TryAsync(wish, cancellationToken), CancellationToken.None));
    }

    /// <summary>Waits for all that was begun: a change that is being applied is in force then, or put back. Steps on an image, which may take half an hour, are given up.</summary>
    public async Task FinishAsync()
    {
        imageChange.GiveUp();
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => imageChange.Dispose();

    private async Task TryAsync(Wish wish, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(wish, cancellationToken).ConfigureAwait(false);
        }
        catch (BottleException e)
        {
            var first = e.Diagnostics[0];
            post(new DashboardEvent.Done(InertText.Line($"{first.Code}: {first.Message}{(first.Why is { } why ? $": {why}" : "")}"), IsProblem: true));
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            post(new DashboardEvent.Done(InertText.Line(e.Message), IsProblem: true));
        }
    }

    private Task DoAsync(Wish wish, CancellationToken cancellationToken) => wish switch
    {
        Wish.Prepare prepare => AskAsync(prepare.Identity, prepare.Proposal, prepare.Lease, null, cancellationToken),
        Wish.EditProposal edit => EditProposalAsync(edit, cancellationToken),
        Wish.Approve approve => ApproveAsync(approve.Decision, cancellationToken),
        Wish.RunSteps steps => imageChange.RunAsync(steps.Decision, cancellationToken),
        Wish.Reject reject => RejectAsync(reject, cancellationToken),
        Wish.EditRoutes edit => EditRoutesAsync(edit, cancellationToken),
        Wish.ApplyTable table => ApplyTableAsync(table, cancellationToken),
        Wish.Extend extend => ExtendAsync(extend, cancellationToken),
        Wish.Stop stop => StopAsync(stop, cancellationToken),
        Wish.Explain explain => ExplainAsync(explain.Entry),
        _ => Task.CompletedTask,
    };

    private async Task AskAsync(string identity, string id, LeaseTerm? lease, Route? instead, CancellationToken cancellationToken)
    {
        if (await imageChange.AskAsync(identity, id, lease, cancellationToken).ConfigureAwait(false) is { } steps)
        {
            post(new DashboardEvent.Opened(steps));
            return;
        }
        var decision = await desk.PrepareAsync(identity, id, lease, instead, cancellationToken).ConfigureAwait(false);
        var text = ProposalText.Render(new ProposalView
        {
            Identity = identity,
            Proposal = decision.Proposal,
            Age = desk.AgeOf(decision.Proposal),
            Change = decision.Shown,
            Hash = decision.ShortHash,
            AlsoAllows = decision.AlsoAllows,
        });
        var how = lease is null ? "" : $" for {lease.Text}";
        post(new DashboardEvent.Opened(new Dialog.Question($"Approve {id} of {identity}{how}", Lines(text), "Apply exactly this? [y/N]", new Wish.Approve(decision))));
    }

    private async Task EditProposalAsync(Wish.EditProposal edit, CancellationToken cancellationToken)
    {
        var asked = (await desk.PrepareAsync(edit.Identity, edit.Proposal, cancellationToken: cancellationToken).ConfigureAwait(false)).Proposal;
        if (asked.NarrowRoute is not { } route)
            throw new BottleException(ApprovalErrors.EditUnusable("this proposal asks for no route; approve it as it is, or edit the route table on page 1"));
        var table = new RoutesFile { Generation = 0, Routes = [route] };
        var text = edit.Draft ?? RouteEditor.Text(table, $"What {edit.Identity} asks for with {edit.Proposal}; grant it otherwise.");
        var edited = await EditAsync(text, isFresh: edit.Draft is null, cancellationToken).ConfigureAwait(false);
        await OrAgainAsync(edit with { Draft = edited }, async () =>
        {
            await AskAsync(edit.Identity, edit.Proposal, null, RouteEditor.ReadOne(edited, table), cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task EditRoutesAsync(Wish.EditRoutes edit, CancellationToken cancellationToken)
    {
        var table = await desk.TableAsync(edit.Identity, cancellationToken).ConfigureAwait(false);
        var text = edit.Draft ?? RouteEditor.Text(table, $"What the agent of {edit.Identity} may ask for, from the first route that fits.");
        var edited = await EditAsync(text, isFresh: edit.Draft is null, cancellationToken).ConfigureAwait(false);
        await OrAgainAsync(edit with { Draft = edited }, async () =>
        {
            var routes = RouteEditor.Read(edited, table);
            var shown = await desk.PrepareTableAsync(edit.Identity, routes, cancellationToken).ConfigureAwait(false);
            post(new DashboardEvent.Opened(new Dialog.Question($"Change the routes of {edit.Identity}", Lines(ProposalText.Render(shown)), "Apply exactly this? [y/N]", new Wish.ApplyTable(edit.Identity, routes, shown))));
        }).ConfigureAwait(false);
    }

    private async Task<string> EditAsync(string text, bool isFresh, CancellationToken cancellationToken)
    {
        var edited = await suspended(async () =>
        {
            using (settings.LeaveKeys())
                return await editor.EditAsync(text, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return isFresh && edited == text ? throw new BottleException(ApprovalErrors.NothingEdited()) : edited;
    }

    // What was typed is not lost for a mistake in it.
    private async Task OrAgainAsync(Wish again, Func<Task> use)
    {
        try
        {
            await use().ConfigureAwait(false);
        }
        catch (BottleException e)
        {
            post(new DashboardEvent.Opened(new Dialog.Question("This cannot be used", Lines(DiagnosticText.Render(e.Diagnostics, _ => null)), "Edit it again? [y/N]", again)));
        }
    }

    private async Task ApproveAsync(Decision decision, CancellationToken cancellationToken) =>
        Say(decision.Identity, await desk.ApproveAsync(decision, cancellationToken).ConfigureAwait(false));

    private async Task ApplyTableAsync(Wish.ApplyTable table, CancellationToken cancellationToken) =>
        Say(table.Identity, await desk.ApplyTableAsync(table.Identity, table.Table, table.Shown, cancellationToken).ConfigureAwait(false));

    private async Task RejectAsync(Wish.Reject reject, CancellationToken cancellationToken)
    {
        await desk.RejectAsync(reject.Identity, reject.Proposal, reject.Reason, cancellationToken).ConfigureAwait(false);
        post(new DashboardEvent.Done($"{reject.Proposal} is rejected; the agent reads the reason"));
    }

    private async Task ExtendAsync(Wish.Extend extend, CancellationToken cancellationToken)
    {
        var extension = await desk.ExtendAsync(extend.Identity, [extend.Grant], cancellationToken).ConfigureAwait(false);
        var warnings = string.Concat(extension.Outcome.Change.Warnings.Select(warning => $"; {warning.Code}: {warning.Message}"));
        post(new DashboardEvent.Done(InertText.Line(string.Create(CultureInfo.InvariantCulture, $"{extend.Identity}: revision {extension.Outcome.Change.To.Revision} is in force; used: {BudgetText.Used(extension.Budget)}{warnings}"))));
    }

    // The command itself, in a process of its own: it waits for the run's owner, and is no part of this screen.
    private async Task StopAsync(Wish.Stop stop, CancellationToken cancellationToken)
    {
        post(new DashboardEvent.Done($"{stop.Identity} is being stopped …"));
        var result = await settings.Runner.RunAsync(settings.StopCommand(stop.Identity, stop.Keep), cancellationToken).ConfigureAwait(false);
        var said = result.LastLines(1) is [var last] ? InertText.Line(last.Trim()) : "";
        post(new DashboardEvent.Done(result.Succeeded ? said : $"{stop.Identity} was not stopped: {said}", IsProblem: !result.Succeeded));
    }

    private Task ExplainAsync(TrafficEntry entry)
    {
        var record = entry.Record;
        List<string> lines =
        [
            InertText.Line($"{record.Method} {record.Scheme}://{record.HostAndPort}{record.Path}"),
            string.Create(CultureInfo.InvariantCulture, $"at {record.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z: {TrafficText.Word(record.Decision)}, status {record.Status}, {record.Ms:0.#} ms"),
            $"{TrafficText.Exchanged(record.BytesIn, record.BytesOut)}{(record.Credential is { } slot ? $", with the credential {InertText.Line(slot)}" : "")}{(record.Lease is { } lease ? $", by the lease {InertText.Line(lease)}" : "")}",
            InertText.Line(record.Route is { } route ? $"by the route {route}, policy revision {record.Generation}" : $"by no route, policy revision {record.Generation}"),
        ];
        if (record.Reason is { } reason)
            lines.Add(InertText.Line($"because: {reason}"));
        var plan = settings.Services.Store.Open(entry.Identity) is { } state ? PlanStore.Read(state) : null;
        if (plan is not null && record is { Scheme: not null, Host: not null }
            && RequestLine.TryParse($"{record.Method} {record.Scheme}://{record.Host}:{record.Port}{record.Path}", null, out var request, out _))
        {
            var manifest = new BottleManifest { Name = plan.BottleName, File = $"{plan.BottleName}.md" };
            lines.AddRange(["", string.Create(CultureInfo.InvariantCulture, $"The policy in force now, revision {plan.Revision}:"), .. Lines(ExplanationText.Render(Explainer.Explain(manifest, [], plan, request)))]);
        }
        if (record.Code is { } code && CodePages.Find(code) is { } page)
            lines.AddRange(["", .. Lines(settings.Spoken(page.Text()))]);
        post(new DashboardEvent.Opened(new Dialog.Reader($"A request of {entry.Identity}", [.. lines])));
        return Task.CompletedTask;
    }

    private void Say(string identity, ApplyOutcome outcome) => post(new DashboardEvent.Done(string.Create(CultureInfo.InvariantCulture,
        $"{identity}: revision {outcome.Change.To.Revision} is in force, confirmed by egress{(outcome.Change.Pipelock == PipelockChange.None ? "" : " and pipelock")} ({outcome.Took.TotalMilliseconds:0} ms){(outcome.Drained is false ? "; what ran through the old pipelock was cut" : "")}")));

    /// <summary>A text in lines, inert.</summary>
    internal static ImmutableArray<string> Lines(string text) => [.. text.TrimEnd('\n').Split('\n').Select(InertText.Line)];
}
