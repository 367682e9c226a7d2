using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Makes the images of the plan that the engine does not have; one is made once per content and reused from then on.</summary>
[TaskDescription("Builds the images that are missing")]
[IsDependentOn(typeof(MintIdentity))]
internal sealed class BuildImages : Stage
{
    protected override async Task ExecuteAsync(BottleContext context)
    {
        var built = await context.Images.EnsureAsync(context.Launch.RequiredPlan);
        var fresh = built.Where(image => image.WasBuilt).ToList();
        context.Console.Note(fresh.Count == 0 ? $"{built.Count} images, all there already" : $"built {string.Join(", ", fresh.Select(image => image.Tag))}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => context.Images.Recipes(context.Launch.RequiredPlan).Select(image => $"use {image.Tag}, building it when the engine lacks it");
}
