using Bottle.Core.Planning;
using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Host.State;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
public sealed class BottleHomeTests
{
    [Test]
    public void The_hash_is_of_the_full_path()
    {
        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("/srv/home")))[..12];
        Assert.That(new[] { "/srv/home", "/srv/home/", "/srv/x/../home" }.Select(p => new BottleHome(p).Hash), Is.All.EqualTo(expected));
    }

    [TestCase("demo-k3x9a", true)]
    [TestCase("a-00000", true)]
    [TestCase("two-words-k3x9a", true)]
    [TestCase("../../etc-00000", false)]
    [TestCase("demo", false)]
    [TestCase("demo-K3X9A", false)]
    [TestCase("demo-k3x9a\n", false)]
    [TestCase("demo/x-00000", false)]
    [TestCase("-00000", false)]
    [TestCase("", false)]
    public void Only_identities_make_paths(string text, bool valid)
    {
        Assert.That(Identity.IsValid(text), Is.EqualTo(valid));
        var home = new BottleHome("/srv/home");
        if (valid)
            Assert.That(home.State(text), Is.EqualTo($"/srv/home/state/{text}"));
        else
            Assert.That(Assert.Throws<BottleException>(() => home.State(text))!.Diagnostics[0].Code, Is.EqualTo("BTL3101"));
    }

    [Test]
    public async Task A_minted_identity_avoids_states_records_and_containers()
    {
        using var folder = new TemporaryFolder();
        var home = new BottleHome(folder.Path);
        Directory.CreateDirectory(home.State("demo-aaaaa"));
        Directory.CreateDirectory(home.Runs("demo-bbbbb"));
        var runner = new RecordingCommandRunner().Answer("docker ps", """{"id":"1","name":"n","identity":"demo-ccccc","service":"agent","home":"ffffffffffff","image":"","state":"","status":""}""");
        var draws = new Queue<string>(["aaaaa", "bbbbb", "ccccc", "ddddd"]);
        var identity = await new IdentityMinter(home, draws.Dequeue).MintAsync("demo", new Host.Docker.DockerEngine(runner));
        Assert.That(identity, Is.EqualTo("demo-ddddd"));
    }

    [Test]
    public async Task A_mint_that_always_collides_gives_up()
    {
        using var folder = new TemporaryFolder();
        var home = new BottleHome(folder.Path);
        Directory.CreateDirectory(home.State("demo-aaaaa"));
        var e = await Assert.ThrowsAsync<BottleException>(() => new IdentityMinter(home, () => "aaaaa").MintAsync("demo"));
        Assert.That(e!.Diagnostics[0].Code, Is.EqualTo("BTL3109"));
    }

    [Test]
    public async Task Minted_identities_differ()
    {
        using var folder = new TemporaryFolder();
        var minter = new IdentityMinter(new BottleHome(folder.Path));
        var identities = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => minter.MintAsync("demo")));
        Assert.That(identities, Is.Unique.And.All.Match("^demo-[0-9a-z]{5}$"));
    }
}
