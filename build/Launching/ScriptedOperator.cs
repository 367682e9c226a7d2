using System.Globalization;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using Bottle.Host.Supervision;

namespace Bottle.Build.Launching;

/// <summary>
/// Answers the questions of the demo <c>demo-supervise</c> in a person's place, through the same desk as <c>Approve</c> and <c>Reject</c>. It acts for that demo alone, while it is as it shipped and everything
/// that it can reach is played by our own demo upstream; preflight, output and audit name it.
/// </summary>
internal sealed class ScriptedOperator : IAsyncDisposable
{
    /// <summary>How it is named wherever it acts.</summary>
    internal const string Name = "SCRIPTED OPERATOR";

    private const string Demo = "demo-supervise";
    private const string Granted = "https://api.demo.test/v1/notes";
    private const string Refusal = $"{Name}: this demo grants GET {Granted} and nothing else";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly LeaseTerm ThreeRequests = LeaseTerm.Parse("3x", out _)!;

    private readonly BottleContext context;
    private readonly OperatorDesk desk;
    private readonly CancellationTokenSource stop;
    private readonly List<string> done = [];
    private readonly Task watching;

    private ScriptedOperator(BottleContext context)
    {
        this.context = context;
        desk = new OperatorDesk(context.Apply) { Actor = $"{AuditLog.Operator} ({Name})" };
        stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        watching = Task.Run(WatchAsync);
    }

    /// <summary>What a person reads before saying yes.</summary>
    internal static string Notice => $"{Name}  a script answers what the agent asks, no person: it grants GET {Granted} for {ThreeRequests.Uses} requests and refuses everything else";

    /// <summary>Begins to answer; null for every other agent, whose operator is a person.</summary>
    internal static ScriptedOperator? StartFor(BottleContext context) => ActsFor(context) ? new ScriptedOperator(context) : null;

    /// <summary>Whether it will answer in this launch.</summary>
    internal static bool ActsFor(BottleContext context) => IsDemo(context.Launch.RequiredPlan, context.Trust.IsShipped, context.Catalogue.DemoUpstream.Tag);

    /// <summary>Whether a plan is the demo's: shipped, and with no way to anything but <paramref name="upstreamImage"/>.</summary>
    internal static bool IsDemo(BottlePlan plan, bool isShipped, string upstreamImage) =>
        isShipped && plan is { AgentName: Demo, BottleName: Demo, Supervise: not null, GitGate: null }
        && plan.TestUpstreams.All(upstream => upstream.Image == upstreamImage)
        && plan.Egress!.Routes.All(route => plan.TestUpstreams.Any(upstream => upstream.Host == route.Host));

    /// <summary>Ends it, and says what it did: not before, because the terminal is the agent's.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        foreach (var line in done) context.Console.Say($"{Name}  {line}");
        if (watching.Exception is { } failure) context.Console.Error($"{Name} ended early: {InertText.Excerpt(failure.GetBaseException().Message)}");
    }

    private async Task WatchAsync()
    {
        var queue = new ProposalFolder(context.Launch.RequiredClaim, context.Launch.Owner);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (; !stop.IsCancellationRequested; await Task.Delay(Glance, stop.Token))
        {
            foreach (var proposal in queue.Read().Proposals.Where(proposal => seen.Add(proposal.Id)))
                done.Add($"{await AnswerAsync(proposal)}");
        }
    }

    private async Task<string> AnswerAsync(Proposal proposal)
    {
        try
        {
            if (proposal is not { Tool: ProposalTool.EgressBlock, Request: { Method: "GET", Url: Granted } })
            {
                await desk.RejectAsync(context.Launch.RequiredIdentity, proposal.Id, Refusal, stop.Token);
                return $"rejected {proposal.Id}";
            }
            var decision = await desk.PrepareAsync(context.Launch.RequiredIdentity, proposal.Id, ThreeRequests, cancellationToken: stop.Token);
            var outcome = await desk.ApproveAsync(decision, stop.Token);
            return string.Create(CultureInfo.InvariantCulture, $"approved {proposal.Id} for {ThreeRequests.Text}: revision {outcome.Change.To.Revision}, diff {decision.ShortHash}, applied in {outcome.Took.TotalMilliseconds:0} ms");
        }
        catch (BottleException e)
        {
            return $"could not answer {proposal.Id}: {e.Diagnostics[0].Code} {InertText.Excerpt(e.Diagnostics[0].Message)}";
        }
    }
}
