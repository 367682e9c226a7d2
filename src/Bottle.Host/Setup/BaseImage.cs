using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Docker;
using Bottle.Host.Images;
using Bottle.Host.Processes;

namespace Bottle.Host.Setup;

/// <summary>The base of our images: Debian's public image where a registry answers, else the same packages from apt alone.</summary>
/// <param name="runner">What starts processes.</param>
/// <param name="puller">Asks registries.</param>
/// <param name="catalogue">What the base is made of.</param>
/// <param name="context">What may be done.</param>
public sealed class BaseImage(ICommandRunner runner, ImagePuller puller, ImageCatalogue catalogue, SetupContext context)
{
    /// <summary>The docker client's configuration folder.</summary>
    internal string ClientConfigurationFolder { get; init; } = ClientConfiguration.OperatorFolder;

    /// <summary>Makes the base image under its tag.</summary>
    /// <exception cref="BottleException">BTL4010 no registry and no <c>--setup</c>, BTL4002 not root, BTL4011 apt or docker failed.</exception>
    public async Task MakeAsync(CancellationToken cancellationToken = default)
    {
        var silent = await puller.TryPullAsync(ImageCatalogue.PublicBase, cancellationToken).ConfigureAwait(false);
        if (silent is null)
        {
            await FromRegistryAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        if (!context.MayInstall)
            throw new BottleException(SetupErrors.NoBaseImage(ImageCatalogue.PublicBase, silent, context.SetupCommandLine));
        if (!context.IsRoot)
            throw new BottleException(SetupErrors.NotRoot("make a base image from Debian packages", context.SetupCommandLine));
        await FromPackagesAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task FromPackagesAsync(CancellationToken cancellationToken)
    {
        context.Say($"no image registry answers: making {catalogue.Base.Tag} from Debian packages");
        string[] arguments = [catalogue.Base.Tag, ImageCatalogue.Suite, string.Join(' ', catalogue.BasePackages)];
        var result = await runner.RunAsync(ShellScript.Command("bash", "base.sh", arguments, line => context.Say($"base: {line}")), cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            throw new BottleException(SetupErrors.BaseFailed(result.LastLines()));
    }

    private async Task FromRegistryAsync(CancellationToken cancellationToken)
    {
        context.Say($"building {catalogue.Base.Tag} on {ImageCatalogue.PublicBase}");
        var staged = Directory.CreateTempSubdirectory("bottle-base-");
        try
        {
            var roots = Path.Combine(staged.FullName, "ca-certificates.crt");
            if (File.Exists(ImageCatalogue.MachineRoots))
                File.Copy(ImageCatalogue.MachineRoots, roots);
            else
                await File.WriteAllTextAsync(roots, "", cancellationToken).ConfigureAwait(false);
            (string, string)[] arguments = [("PACKAGES", string.Join(' ', catalogue.BasePackages))];
            var result = await new DockerBuild(runner, ClientConfigurationFolder).RunAsync(catalogue.Base, staged.FullName, arguments, context.Say, cancellationToken).ConfigureAwait(false);
            if (!result.Succeeded)
                throw new BottleException(SetupErrors.BuildFailed("base", catalogue.Base.Dockerfile, result.LastLines()));
        }
        finally
        {
            staged.Delete(recursive: true);
        }
    }
}
