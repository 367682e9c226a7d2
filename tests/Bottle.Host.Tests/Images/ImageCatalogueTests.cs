using Bottle.Core.Diagnostics;
using Bottle.Host.Images;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageCatalogueTests : IDisposable
{
    private readonly FakeRepository repository = new();

    private ImageCatalogue Catalogue => new(repository.Path);

    public void Dispose() => repository.Dispose();

    [Test]
    public void Equal_sources_in_another_folder_have_equal_tags()
    {
        using var other = new FakeRepository();
        Assert.That(new ImageCatalogue(other.Path).Egress.Tag, Is.EqualTo(Catalogue.Egress.Tag));
        Assert.That(Catalogue.Egress.Tag, Does.Match("^bottle-egress:[0-9a-f]{12}$"));
    }

    [TestCase("src/Bottle.Egress/Program.cs")]
    [TestCase("src/Bottle.Egress/Sub/New.cs")]
    [TestCase("src/Bottle.Egress/Dockerfile")]
    [TestCase("src/Bottle.Contracts/Route.cs")]
    [TestCase("Directory.Packages.props")]
    [TestCase("Directory.Build.props")]
    [TestCase("global.json")]
    [TestCase("bottles/images/base/packages")]
    public void Egress_has_another_tag_when_one_of_its_inputs_changes(string input)
    {
        var before = Catalogue.Egress.Tag;
        repository.Write(input, "changed");
        Assert.That(Catalogue.Egress.Tag, Is.Not.EqualTo(before));
    }

    [TestCase("src/Bottle.Egress/obj/project.assets.json")]
    [TestCase("src/Bottle.Egress/bin/Debug/egress.dll")]
    [TestCase("src/Bottle.Host/Other.cs")]
    [TestCase("bottles/images/demo/script")]
    [TestCase("README.md")]
    public void What_egress_is_not_made_of_does_not_change_its_tag(string other)
    {
        var before = Catalogue.Egress.Tag;
        repository.Write(other, "changed");
        Assert.That(Catalogue.Egress.Tag, Is.EqualTo(before));
    }

    [TestCase("bin")]
    [TestCase("obj")]
    [TestCase("artifacts")]
    [TestCase(".git")]
    [TestCase("deep/er/bin")]
    public void What_an_image_gets_as_its_context_changes_the_tag_whatever_its_folder_is_called(string folder)
    {
        var (agent, shared) = (Catalogue.Agent("demo").Tag, Catalogue.Base.Tag);
        repository.Write($"bottles/images/demo/{folder}/tool", "changed");
        Assert.That(Catalogue.Agent("demo").Tag, Is.Not.EqualTo(agent));
        repository.Write($"bottles/images/base/{folder}/tool", "changed");
        Assert.That(Catalogue.Base.Tag, Is.Not.EqualTo(shared));
    }

    [Test]
    public void A_file_that_moves_changes_the_tag()
    {
        var before = Catalogue.Agent("demo").Tag;
        File.Move(Path.Combine(repository.Path, "bottles/images/demo/script"), Path.Combine(repository.Path, "bottles/images/demo/renamed"));
        Assert.That(Catalogue.Agent("demo").Tag, Is.Not.EqualTo(before));
    }

    [Test]
    public void A_link_is_an_input_by_its_target_and_is_not_followed()
    {
        File.CreateSymbolicLink(Path.Combine(repository.Path, "bottles/images/demo/link"), "/nonexistent/one");
        Directory.CreateSymbolicLink(Path.Combine(repository.Path, "bottles/images/demo/loop"), ".");
        var before = Catalogue.Agent("demo").Tag;
        File.Delete(Path.Combine(repository.Path, "bottles/images/demo/link"));
        File.CreateSymbolicLink(Path.Combine(repository.Path, "bottles/images/demo/link"), "/nonexistent/two");
        Assert.That(Catalogue.Agent("demo").Tag, Is.Not.EqualTo(before));
    }

    [Test]
    public void An_agent_without_a_Dockerfile_shares_the_default_image()
    {
        Assert.That((Catalogue.Agent("implementer").Role, Catalogue.Agent("reviewer").Tag), Is.EqualTo(("agent-default", Catalogue.Agent("implementer").Tag)));
        Assert.That(Catalogue.Agent("demo").Role, Is.EqualTo("agent-demo"));
    }

    [Test]
    public void A_bottle_root_may_bring_the_agents_own_image()
    {
        repository.Write("home/images/demo/Dockerfile", "FROM other\n");
        var recipe = new ImageCatalogue(repository.Path, [Path.Combine(repository.Path, "home")]).Agent("demo");
        Assert.That(recipe.Context, Does.EndWith("home/images/demo"));
        Assert.That(recipe.UsesBase, Is.False);
    }

    [Test]
    public void Without_its_Dockerfile_an_image_is_an_error_that_names_the_place()
    {
        File.Delete(Path.Combine(repository.Path, "src/Bottle.Egress/Dockerfile"));
        var error = Assert.Throws<BottleException>(() => _ = Catalogue.Egress)!.Diagnostics[0];
        Assert.That(error.Code, Is.EqualTo("BTL4014"));
        Assert.That(error.Why, Does.Contain("src/Bottle.Egress/Dockerfile"));
    }

    [Test]
    public void The_planner_gets_tags_without_an_engine()
    {
        var facts = Catalogue.Facts("demo", ["bottle-demo-upstream", "mine:1"], new PipelockReference("bottle-pipelock-stand-in:x", IsStandIn: true));
        Assert.That(facts.Agent, Is.EqualTo(Catalogue.Agent("demo").Tag));
        Assert.That(facts.PipelockIsStandIn);
        Assert.That(facts.TestUpstreams["bottle-demo-upstream"], Is.EqualTo(Catalogue.DemoUpstream.Tag));
        Assert.That(facts.TestUpstreams, Does.Not.ContainKey("mine:1"), "only images of ours may stand on the network that leads out");
    }
}
