using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Images;

namespace Bottle.Build.Launching;

/// <summary>The images of one launch: made when missing, once per content.</summary>
internal sealed class LaunchImages(BottleContext context)
{
    /// <summary>The key of metadata.json's versions under which a run's pipelock image stands.</summary>
    internal const string PipelockKey = "pipelock";

    private readonly ImagePuller puller = new(context.Runner, context.Console.Progress);

    private ImageBuilder Builder => new(context.Runner, context.Catalogue, puller, context.Setup);

    /// <summary>Pipelock's own image, or the stand-in where that is permitted and the real one cannot be had.</summary>
    internal Task<PipelockReference> ResolvePipelockAsync(CancellationToken cancellationToken) => Recorded() is { } recorded ? Task.FromResult(recorded) : ChooseAsync(cancellationToken);

    private Task<PipelockReference> ChooseAsync(CancellationToken cancellationToken) =>
        new PipelockImage(context.Runner, puller, context.Catalogue, context.Home.ImagesLock)
            .ResolveAsync(context.Arguments.Setup || context.Arguments.AllowStandIn, cancellationToken);

    // A run that exists goes on with the image that it was started with, and that a person accepted then.
    private PipelockReference? Recorded() =>
        context.Launch is { Resumes: true, Identity: { } identity } && context.Store.Open(identity)?.ReadMetadata()?.Versions.GetValueOrDefault(PipelockKey) is { } reference
            ? new PipelockReference(reference, reference == context.Catalogue.PipelockStandIn.Tag) : null;

    /// <summary>Everything that the plan starts: what is ours is built, what stands beside the agent is fetched.</summary>
    internal async Task<IReadOnlyList<ImageReference>> EnsureAsync(BottlePlan plan)
    {
        var services = Task.WhenAll(plan.Services.Select(FetchAsync));
        var built = await Builder.EnsureAsync(Recipes(plan), context.Cancellation);
        await services;
        return built;
    }

    // Planning has seen to it that what is not there is named by its digest.
    private async Task FetchAsync(ServicePlan service)
    {
        if (!await context.Engine.ImageExistsAsync(service.Image, context.Cancellation) && await puller.TryPullAsync(service.Image, context.Cancellation) is { } problem)
            throw new BottleException(ServiceErrors.ImageNotFetched(service.Image, service.Name, problem));
    }

    /// <summary>The recipes of a plan, without those that a registry keeps.</summary>
    internal IReadOnlyList<ImageRecipe> Recipes(BottlePlan plan)
    {
        var agent = context.Catalogue.Agent(context.Launch.RequiredManifests.ImageName);
        // An image of the run's own is made by no recipe.
        List<ImageRecipe> recipes = plan.Agent.Image == agent.Tag ? [agent] : [];
        if (plan.Egress is not null) recipes.Add(context.Catalogue.Egress);
        if (plan.GitGate is not null) recipes.Add(context.Catalogue.GitGate);
        if (plan.Supervise is not null) recipes.Add(context.Catalogue.Supervise);
        if (plan.Pipelock is { IsStandIn: true }) recipes.Add(context.Catalogue.PipelockStandIn);
        recipes.AddRange(context.Launch.RequiredManifests.Bottle.TestUpstreams.Select(upstream => context.Catalogue.TestUpstream(upstream.Image.Value)).OfType<ImageRecipe>().Distinct());
        return recipes;
    }
}
