using Bottle.Core.Manifests;

namespace Bottle.Core.Planning;

/// <summary>The facts of <c>Render</c> (SPEC D7): those of a machine that has everything that the manifests name, so that the rendered files are the same wherever they are rendered.</summary>
public static class RenderFacts
{
    /// <summary>Facts for one agent; of several credentials of a provider the first is there, as it is where none is known.</summary>
    public static HostFacts For(BottleManifest bottle, IReadOnlyList<ProviderManifest> providers, ImageFacts images)
    {
        var tokens = bottle.Routes.Select(route => route.Auth?.Token.Value).ToList();
        return new HostFacts
        {
            Images = images,
            Variables = bottle.Environment.Concat(bottle.Services.SelectMany(service => service.Environment)).Select(variable => variable.FromHost)
                .Concat(tokens.OfType<SecretRef.Environment>().Select(token => token.Name))
                .Concat(providers.Select(provider => provider.Credentials.Count > 0 ? provider.Credentials[0].HostVariable : null))
                .OfType<string>().ToHashSet(StringComparer.Ordinal),
            ReadableFiles = tokens.OfType<SecretRef.File>().Select(token => token.Path).ToHashSet(StringComparer.Ordinal),
        };
    }
}
