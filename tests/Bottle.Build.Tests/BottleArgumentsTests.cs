namespace Bottle.Build.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class BottleArgumentsTests
{
    [Test]
    public void A_bare_flag_is_on_and_false_turns_it_off()
    {
        Assert.That(Of(("setup", "true")).Setup);
        Assert.That(Of(("setup", "")).Setup);
        Assert.That(Of(("setup", null)).Setup);
        Assert.That(Of(("setup", "false")).Setup, Is.False);
        Assert.That(Of().Setup, Is.False);
    }

    [Test]
    public void What_Cake_keeps_to_itself_is_read_from_the_words_of_the_process()
    {
        var arguments = new BottleArguments(new Dictionary<string, ICollection<string?>>(), ["dotnet", "Cake.dll", "--target=Start", "--tree", "--dryrun=true", "-exclusive", "tree"]);
        Assert.That(arguments.OnlyShowsGraph);
        Assert.That(arguments.DryRun);
        Assert.That(arguments.Exclusive);
        Assert.That(new BottleArguments(new Dictionary<string, ICollection<string?>>(), ["--target=tree"]).OnlyShowsGraph, Is.False);
    }

    [Test]
    public void A_value_that_is_missing_or_given_twice_is_found()
    {
        Assert.That(Of(("out", null), ("agent", "demo")).WithoutValue.Select(argument => argument.Name), Is.EqualTo(new[] { "out" }));
        Assert.That(Of(("agent", "demo"), ("agent", "dev")).Repeated, Is.EqualTo(new[] { "agent" }));
        Assert.That(Of(("manifests", "a"), ("manifests", "b")).Repeated, Is.Empty);
    }

    [TestCase(null, ".")]
    [TestCase("", ".")]
    [TestCase("true", ".")]
    [TestCase("../app", "../app")]
    public void A_folder_that_is_not_written_is_the_one_where_the_user_types(string? typed, string folder)
    {
        Assert.That((Of(("cwd", typed)).Cwd, Of(("mount", typed)).Mount, Of().Cwd), Is.EqualTo((folder, folder, (string?)null)));
        Assert.That(Of(("cwd", typed)).WithoutValue, Is.Empty);
        Assert.That(Of(("cwd", typed)).Inheritable(path => "/srv/" + path)["cwd"], Is.EqualTo(new[] { "/srv/" + folder }));
    }

    [Test]
    public void Names_are_read_in_any_case() => Assert.That(Of(("Agent", "demo")).Agent, Is.EqualTo("demo"));

    [Test]
    public void Both_spellings_mean_a_dry_run()
    {
        Assert.That(Of(("dry-run", "true")).DryRun);
        Assert.That(Of(("dryrun", "true")).DryRun);
    }

    [Test]
    public void Unknown_names_are_listed_and_Cakes_own_are_not() =>
        Assert.That(Of(("agnet", "x"), ("verbosity", "quiet"), ("tree", "true"), ("yes", "true")).Unknown, Is.EqualTo(new[] { "agnet" }));

    [TestCase("q", ExpectedResult = true)]
    [TestCase("Quiet", ExpectedResult = true)]
    [TestCase("normal", ExpectedResult = false)]
    public bool A_verbosity_may_be_shortened_as_Cake_allows(string given) => Of(("verbosity", given)).HasVerbosity("quiet");

    [TestCase("--verbosity=diagnostic")]
    [TestCase("--verbosity", "diagnostic")]
    [TestCase("-v", "diagnostic")]
    public void A_verbosity_that_Cake_keeps_to_itself_is_read_from_the_command_line(params string[] words) =>
        Assert.That(new BottleArguments(new Dictionary<string, ICollection<string?>>(), ["cake", .. words, "--target=Plan"]).HasVerbosity("diagnostic"));

    [Test]
    public void The_command_line_reads_as_it_was_typed() =>
        Assert.That(Of(("target", "Start"), ("agent", "demo"), ("yes", "true")).ToString(), Is.EqualTo("dotnet cake --target=Start --agent=demo --yes"));

    [Test]
    public void A_resume_takes_over_what_the_launch_was_given_unless_it_is_told_otherwise()
    {
        var launch = Of(("manifests", "mine"), ("allow-stand-in", null), ("yes", null)).Inheritable(path => "/srv/" + path);
        Assert.That(launch["manifests"], Is.EqualTo(new[] { "/srv/mine" }));
        Assert.That(launch.Keys, Has.None.EqualTo("yes"));
        var resumed = Of(("bottle", "demo-k3x9a")).Inherit(launch);
        Assert.That((resumed.Manifests, resumed.AllowStandIn, resumed.Bottle), Is.EqualTo(((IReadOnlyList<string>)["/srv/mine"], true, "demo-k3x9a")));
        Assert.That(Of(("manifests", "other")).Inherit(launch).Manifests, Is.EqualTo(new[] { "other" }));
    }

    private static BottleArguments Of(params (string Name, string? Value)[] arguments) =>
        new(arguments.GroupBy(argument => argument.Name).ToDictionary(group => group.Key, group => (ICollection<string?>)[.. group.Select(argument => argument.Value)]), []);
}
