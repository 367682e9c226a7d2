using Bottle.Build.Doors;
using Bottle.Host.Manifests;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>Writes <c>bottles/trusted.json</c>: the hashes of the manifests that ship with Bottle. A test holds the file to them.</summary>
[TaskDescription("Writes bottles/trusted.json after a change of the shipped manifests")]
[Takes(null)]
internal sealed class ShipTrust : AsyncFrostingTask<BottleContext>
{
    public override Task RunAsync(BottleContext context)
    {
        var bottles = Path.Combine(context.Clone, "bottles");
        return File.WriteAllTextAsync(Path.Combine(bottles, ShippedTrust.FileName), ShippedTrust.Generate(bottles), context.Cancellation);
    }
}
