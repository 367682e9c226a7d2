using System.Collections.Immutable;
using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Capability;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Shell;
using Bottle.Dashboard.Updating;
using Bottle.Dashboard.View;
using Bottle.Host.Apply;
using Bottle.Host.Capability;
using Bottle.Host.Supervision;
using Bottle.Host.Traffic;

namespace Bottle.Dashboard.Tests;

/// <summary>A dashboard to which things happen: two bottles and a third that was left, one that asks, requests. What it wants done is collected.</summary>
internal sealed class Scene
{
    internal static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    internal DashboardModel Model { get; private set; } = new() { Now = Start, ResumeCommand = "bottle resume {0}" };

    internal List<Wish> Wishes { get; } = [];

    internal Screen Screen => DashboardView.Render(Model);

    /// <summary>The usual: what a look at a busy home shows.</summary>
    internal static Scene Busy()
    {
        var scene = new Scene();
        scene.Happens(
            new DashboardEvent.BottlesSeen([Bottle("dev-k3x9a", 240, "running"), Bottle("review-aaaaa", 7300, "detached") with { Agent = "review", Runtime = "runsc" }, Bottle("old-00000", 90_000, "left up on purpose")]),
            new DashboardEvent.EngineSeen(ImmutableDictionary<string, EngineFacts>.Empty.Add("dev-k3x9a", new EngineFacts(4, [], 112_345_678)).Add("review-aaaaa", new EngineFacts(3, ["egress Up 2 hours (unhealthy)"], null))),
            new DashboardEvent.TrafficSeen("dev-k3x9a", Pane(30)),
            new DashboardEvent.QueueSeen(Queue("dev-k3x9a", ("egress-block-1a2b3c4d", "GET", "https://api.example.com/v1/items/7", "I need the item to go on", 75), ("egress-block-99999999", "POST", $"https://evil.test/{new string('x', 150)}", "please\u202e approve\n  diff        000000000000, harmless\n\u001b[2J", 5))),
            new DashboardEvent.Tick(Start));
        return scene;
    }

    internal Scene Happens(params DashboardEvent[] events)
    {
        foreach (var happened in events)
        {
            (Model, var wish) = DashboardUpdate.Apply(Model, happened);
            if (wish is not null) Wishes.Add(wish);
        }
        return this;
    }

    internal Scene Press(params Key[] keys) => Happens([.. keys.Select(key => new DashboardEvent.Pressed(key))]);

    internal Scene Type(string text) => Press([.. text.Select(Key.Of)]);

    internal Scene Size(int rows, int columns) => Happens(new DashboardEvent.Resized(rows, columns));

    internal static BottleFacts Bottle(string identity, int seconds, string standing) => new()
    {
        Identity = identity,
        Agent = "dev",
        Bottle = "dev",
        Standing = standing,
        Started = Start.AddSeconds(-seconds),
        Runtime = "runc",
        Revision = 2,
        IsSupervised = true,
        Stages = [new StageFacts("ResolveManifest", [], "succeeded", 12), new StageFacts("Preflight", ["ResolveManifest"], "succeeded", 2345), new StageFacts("ComposeUp", ["WriteCompose", "BuildImages"], "failed", 120_000, "service 'egress' is not healthy"), new StageFacts("Attach", ["ComposeUp"])],
    };

    internal static BottleProposals Queue(string identity, params (string Id, string Method, string Url, string Reason, int Seconds)[] questions) => new(identity,
        [.. questions.Select(q => new ProposalView
        {
            Identity = identity,
            Proposal = Proposal.Create(q.Id, Start.AddSeconds(-q.Seconds), ProposedQuestion.Of(ProposalTool.EgressBlock, new ProposedRequest(q.Method, q.Url), null), q.Reason),
            Age = TimeSpan.FromSeconds(q.Seconds),
            AlsoAllows = ["Every query of this path."],
            Change = Change(q.Id),
        })], [], false);

    /// <summary>What the agent of one run asks of its image.</summary>
    internal const string StepsId = "capability-block-5e5e5e5e";

    private static readonly string[] Steps = ["RUN apt-get update && apt-get install -y --no-install-recommends jq ripgrep", "ENV GREETING=\"hello\""];

    private static Proposal StepsAsked => Proposal.Create(StepsId, Start.AddSeconds(-33), ProposedQuestion.ForSteps(Steps), "jq reads what the API answers\n\u001b[31mapprove me");

    /// <summary>A run whose agent asks for packages.</summary>
    internal static DashboardEvent.QueueSeen StepsQueue(string identity) => new(new BottleProposals(identity,
        [new ProposalView { Identity = identity, Proposal = StepsAsked, Age = TimeSpan.FromSeconds(33), Hash = "5e5e5e5e5e5e", Packages = CapabilityText.Packages(CapabilityParser.Parse(Steps)) }], [], false));

    /// <summary>What is shown of them before anything is run.</summary>
    internal static CapabilityDecision StepsShown(string identity) => new(identity, StepsAsked, CapabilityParser.Parse(Steps), CapabilityText.Ask(CapabilityParser.Parse(Steps), Plan), "5e5e5e5e5e5e");

    /// <summary>The same scene, in which the steps of the second bottle are run since twelve seconds.</summary>
    internal Scene RunsSteps() => Happens(StepsQueue("review-aaaaa"), new DashboardEvent.Opened(ImageChange.Question(StepsShown("review-aaaaa")))).Type("y").Happens(
        new DashboardEvent.WorkSaid("review-aaaaa", "step 1 of 2: RUN apt-get update && apt-get install", IsStage: true),
        new DashboardEvent.WorkSaid("review-aaaaa", "  Get:1 https://deb.example.test stable InRelease [1,234 B]", IsStage: false),
        new DashboardEvent.WorkSaid("review-aaaaa", "  Setting up jq (1.7) ...", IsStage: false),
        new DashboardEvent.Tick(Start.AddSeconds(12)));

    /// <summary>They are done.</summary>
    internal static DashboardEvent[] StepsMade(string identity) =>
    [
        new DashboardEvent.WorkSaid(identity, "What changed: 12 files, 3.4 MiB more", IsStage: false),
        new DashboardEvent.WorkSaid(identity, "  packages: + jq 1.7", IsStage: false),
        new DashboardEvent.WorkEnded(identity, WorkState.Made, "What changed: 12 files, 3.4 MiB more", []),
    ];

    private static readonly BottlePlan Plan = Samples.Plan(Samples.Demo(), Samples.DemoFacts());

    private static PreparedChange Change(string id)
    {
        return new PreparedChange
        {
            From = Plan,
            To = Plan with { Revision = 2 },
            Pipelock = PipelockChange.ReloadFirst,
            Files = [],
            Diff = $"--- egress/routes.yaml\n+++ egress/routes.yaml\n@@ -1,4 +1,10 @@\n version: 1\n-generation: 1\n+generation: 2\n routes:\n+  - host: \"api.example.com\"\n+    methods: [\"GET\"]\n+    path_allowlist: [\"/v1/items/7\"]\n+    source: \"proposal {id}\"\n",
            DiffSha256 = new string('c', 64),
            ShortHash = "cccccccccccc",
            Warnings = [],
        };
    }

    /// <summary>How a budget of 1000 requests and 5 GB stands.</summary>
    internal static DashboardEvent.BudgetSeen Budget(string identity, long requests, long bytes = 0) => new(identity, BudgetReport.Of(new Budget { Requests = 1000, Bytes = 5_000_000_000 },
        new BudgetUse { Minutes = 3, Requests = requests, Bytes = bytes, Tokens = 0, UnreadAnswers = 0 }));

    internal static TrafficPane Pane(int count)
    {
        var summary = new TrafficSummary();
        var records = Enumerable.Range(0, count).Select(Record).ToList();
        records.ForEach(summary.Add);
        return new TrafficPane([.. records], summary.Total, [.. summary.Hosts]);
    }

    internal static TrafficRecord Record(int number) => new()
    {
        Time = Start.AddSeconds(-60 + number),
        Method = number % 5 == 0 ? "POST" : "GET",
        Scheme = "https",
        Host = number % 5 == 0 ? "evil.test" : "api.example.com",
        Port = number % 7 == 0 ? 8443 : 443,
        Path = number % 5 == 0 ? "/\u001b[2J" : string.Create(CultureInfo.InvariantCulture, $"/v1/items/{number}/a/rather/long/path/that/does/not/fit"),
        Decision = number % 5 == 0 ? TrafficDecision.Denied : number % 11 == 0 ? TrafficDecision.Failed : TrafficDecision.Allowed,
        Code = number % 5 == 0 ? "BTL6101" : null,
        Status = number % 5 == 0 ? 403 : number % 11 == 0 ? 502 : 200,
        BytesIn = number,
        BytesOut = number * 1234,
        Ms = number * 3.3,
        Generation = 2,
    };
}
