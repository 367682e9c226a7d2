using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Dashboard.Model;
using Bottle.Host.Capability;

namespace Bottle.Dashboard.Shell;

/// <summary>Changes of an agent's image (SPEC K5), through the desk that <c>Approve</c> uses; what is said meanwhile, and what comes of it, are events.</summary>
internal sealed class ImageChange(DashboardSettings settings, Action<DashboardEvent> post) : IDisposable
{
    private readonly CapabilityDesk desk = new(settings.Services, settings.Runner);
    private readonly CancellationTokenSource leaving = new();

    /// <summary>The question whether exactly these steps are run; null for a proposal of another tool. BTL7408 with a lease.</summary>
    public async Task<Dialog.Question?> AskAsync(string identity, string id, LeaseTerm? lease, CancellationToken cancellationToken)
    {
        if (await desk.PrepareAsync(identity, id, cancellationToken).ConfigureAwait(false) is not { } decision)
            return null;
        return lease is null ? Question(decision) : throw new BottleException(CapabilityErrors.NotLikeARoute(id));
    }

    /// <summary>What is read before the steps are run.</summary>
    internal static Dialog.Question Question(CapabilityDecision decision) =>
        new($"Approve {decision.Proposal.Id} of {decision.Identity}", Operations.Lines(decision.Shown), "Run exactly these steps? [y/N]", new Wish.RunSteps(decision));

    /// <summary>Runs the steps and ends the run.</summary>
    public async Task RunAsync(CapabilityDecision decision, CancellationToken cancellationToken)
    {
        var identity = decision.Identity;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leaving.Token);
        try
        {
            Say(identity, "looking at the image as it is …");
            var changes = await desk.ApproveAsync(decision, line => Say(identity, line), stop.Token).ConfigureAwait(false);
            var told = Operations.Lines(CapabilityText.Tell(changes));
            foreach (var line in told)
                post(new DashboardEvent.WorkSaid(identity, line, IsStage: false));
            Say(identity, "the image is made; the run is being ended …");
            await desk.EndAsync(identity, stop.Token).ConfigureAwait(false);
            post(new DashboardEvent.WorkEnded(identity, WorkState.Made, told[0], []));
        }
        catch (BottleException e)
        {
            post(new DashboardEvent.WorkEnded(identity, WorkState.Failed, InertText.Line($"{e.Diagnostics[0].Code}: {e.Diagnostics[0].Message}"), Operations.Lines(settings.Spoken(DiagnosticText.Render(e.Diagnostics, _ => null)))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            post(new DashboardEvent.WorkEnded(identity, WorkState.Failed, InertText.Line(e.Message), []));
        }
    }

    /// <summary>Ends what goes on: whoever leaves does not wait for steps.</summary>
    public void GiveUp() => leaving.Cancel();

    /// <inheritdoc/>
    public void Dispose() => leaving.Dispose();

    // What a step prints is indented by who runs it.
    private void Say(string identity, string line) => post(new DashboardEvent.WorkSaid(identity, line, IsStage: !line.StartsWith(' ')));
}
