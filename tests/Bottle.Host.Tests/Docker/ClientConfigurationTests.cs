using Bottle.Host.Docker;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClientConfigurationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string own;
    private readonly string target;

    public ClientConfigurationTests()
    {
        own = Directory.CreateDirectory(Path.Combine(folder.Path, "own")).FullName;
        target = Path.Combine(folder.Path, "target");
    }

    public void Dispose() => folder.Dispose();

    [TestCase(null)]
    [TestCase("{\"auths\":{}}")]
    [TestCase("not JSON")]
    [TestCase("[]")]
    public void Without_proxies_the_operator_s_folder_is_used(string? text)
    {
        if (text is not null)
            File.WriteAllText(Path.Combine(own, "config.json"), text);
        Assert.That(ClientConfiguration.WithoutProxies(own, target), Is.Null);
        Assert.That(Path.Exists(target), Is.False);
    }

    [Test]
    public void With_proxies_a_copy_keeps_the_context_and_no_secret()
    {
        File.WriteAllText(Path.Combine(own, "config.json"), """{"currentContext":"lab","proxies":{"default":{}},"auths":{"x":{"auth":"s3cret"}},"credsStore":"pass"}""");
        Directory.CreateDirectory(Path.Combine(own, "contexts/meta"));
        Assert.That(ClientConfiguration.WithoutProxies(own, target), Is.EqualTo(target));
        Assert.That(ClientConfiguration.WithoutProxies(own, target), Is.EqualTo(target), "a second start finds the first one's folder");
        Assert.That(File.ReadAllText(Path.Combine(target, "config.json")), Is.EqualTo("""{"currentContext":"lab"}"""));
        Assert.That(Directory.Exists(Path.Combine(target, "contexts/meta")));
        Assert.That(Path.Exists(Path.Combine(target, "cli-plugins")), Is.False);
    }

    [Test]
    public void Certificates_of_a_remote_engine_are_found_beside_the_copy()
    {
        File.WriteAllText(Path.Combine(own, "config.json"), """{"proxies":{}}""");
        File.WriteAllText(Path.Combine(own, "cert.pem"), "certificate");
        ClientConfiguration.WithoutProxies(own, target);
        Assert.That(File.ReadAllText(Path.Combine(target, "cert.pem")), Is.EqualTo("certificate"));
    }
}
