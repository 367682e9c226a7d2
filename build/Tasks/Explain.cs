using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Explaining;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Says what becomes of a request in a bottle, layer by layer (SPEC N1), or what a code means; offline, reads no secret.</summary>
[TaskDescription("Says which layer answers what for --url='POST https://…', or what --code=BTL1203 means")]
[Takes("agent", "manifest", "url", "code", "manifests")]
internal sealed class Explain : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var arguments = context.Arguments;
        if (arguments.Code is { } code)
        {
            var page = CodePages.Find(code) ?? throw new BottleException(CommandLineErrors.UnknownCode(code, CodePages.All.Select(known => known.Code)));
            context.Console.Data.WriteLine(arguments.Json ? ExplanationJson.Render(page) : context.Door.Spoken(page.Text()).TrimEnd());
            return;
        }

        var url = arguments.Url ?? throw new BottleException(CommandLineErrors.MissingArgument("url", nameof(Explain), Example(context)));
        if (!RequestLine.TryParse(url, defaultMethod: "GET", out var request, out var problem))
            throw new BottleException(CommandLineErrors.NoRequest(url, problem));
        Load(context);
        var plan = await context.Planner.PlanAsync(hostIsRequired: false, engine: null);
        var explanation = Explainer.Explain(context.Launch.RequiredManifests.Bottle, context.Launch.RequiredManifests.Providers, plan, request);
        context.Console.Data.WriteLine(arguments.Json ? ExplanationJson.Render(explanation) : ExplanationText.Render(explanation).TrimEnd());
    }

    private static void Load(BottleContext context)
    {
        var loaded = context.Arguments switch
        {
            { Agent: { } agent } => context.Manifests.Load(agent),
            { Manifest: { } bottle } => context.Manifests.LoadBottle(bottle),
            _ => throw new BottleException(CommandLineErrors.MissingArgument("agent", nameof(Explain), Example(context))),
        };
        // What does not hold is often why somebody asks.
        context.Launch.Manifests = loaded with { Bottle = loaded.Bottle with { Expectations = [] } };
        context.Launch.Identity = Identity.ForRender(loaded.Agent.Name).ToString();
    }

    private static string Example(BottleContext context) =>
        $"{context.Door.Command(nameof(Explain), "--agent=demo", "--url='POST https://api.demo.test/v1/x'")}, or {context.Door.Command(nameof(Explain), "--code=BTL1203")}";
}
