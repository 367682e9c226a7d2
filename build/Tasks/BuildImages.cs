using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Capability;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Makes the images of the plan that the engine does not have; one is made once per content and reused from then on.</summary>
[TaskDescription("Builds the images that are missing")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class BuildImages : Stage
{
    protected override Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context) =>
        Task.FromResult<IReadOnlyList<StageInput>?>([.. context.Images.Recipes(context.Launch.RequiredPlan).DistinctBy(image => image.Role).Select(image => StageInput.Of($"image {image.Role}", image.Tag))]);

    protected override async Task<string?> LiveReasonAsync(BottleContext context, StageRecord record)
    {
        var tags = context.Images.Recipes(context.Launch.RequiredPlan).Select(image => image.Tag).Append(context.Launch.RequiredPlan.Agent.Image).Distinct().ToList();
        var there = await Task.WhenAll(tags.Select(tag => context.Engine.ImageExistsAsync(tag, context.Cancellation)));
        return tags.Where((_, index) => !there[index]).Select(tag => $"{tag} is gone").FirstOrDefault();
    }

    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var plan = context.Launch.RequiredPlan;
        if (context.StateToRead is { } state && RunImage.Read(state) is { } own && !await context.Engine.ImageExistsAsync(own.Image, context.Cancellation))
            throw new BottleException(CapabilityErrors.ImageGone(own.Image, plan.Identity));
        var built = await context.Images.EnsureAsync(plan);
        var fresh = built.Where(image => image.WasBuilt).ToList();
        context.Console.Note(fresh.Count == 0 ? $"{built.Count} images, all there already" : $"built {string.Join(", ", fresh.Select(image => image.Tag))}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => context.Images.Recipes(context.Launch.RequiredPlan).Select(image => $"use {image.Tag}, building it when the engine lacks it");
}
