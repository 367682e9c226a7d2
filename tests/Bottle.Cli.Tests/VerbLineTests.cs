using Bottle.Build.Doors;

namespace Bottle.Cli.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class VerbLineTests
{
    [TestCase("start implementer", ExpectedResult = "--target=Start --agent=implementer")]
    [TestCase("plan dev --format json", ExpectedResult = "--target=Plan --agent=dev --format=json")]
    [TestCase("render --out there dev", ExpectedResult = "--target=Render --out=there --agent=dev")]
    [TestCase("start --yes demo --setup", ExpectedResult = "--target=Start --yes=true --agent=demo --setup=true")]
    [TestCase("dump-logs demo-k3x9a", ExpectedResult = "--target=DumpLogs --bottle=demo-k3x9a")]
    [TestCase("DumpLogs --bottle=demo-k3x9a", ExpectedResult = "--target=DumpLogs --bottle=demo-k3x9a")]
    [TestCase("--target=List --format=json", ExpectedResult = "--target=List --format=json")]
    [TestCase("plan demo --url=a=b", ExpectedResult = "--target=Plan --agent=demo --url=a=b")]
    [TestCase("start implementer --cwd", ExpectedResult = "--target=Start --agent=implementer --cwd=true")]
    [TestCase("start --cwd implementer", ExpectedResult = "--target=Start --cwd=true --agent=implementer")]
    [TestCase("start implementer --cwd=../app", ExpectedResult = "--target=Start --agent=implementer --cwd=../app")]
    [TestCase("bring dev-k3x9a --include .vscode/", ExpectedResult = "--target=Bring --bottle=dev-k3x9a --include=.vscode/")]
    [TestCase("plan --agent", ExpectedResult = "--target=Plan --agent=true")]
    [TestCase("no-such-verb", ExpectedResult = "--target=no-such-verb")]
    public string A_verb_is_a_target_and_a_bare_word_its_first_argument(string typed) => Words(typed);

    [TestCase("", ExpectedResult = "--target=Help")]
    [TestCase("--help", ExpectedResult = "--target=Help")]
    [TestCase("help", ExpectedResult = "--target=Help")]
    [TestCase("start --help", ExpectedResult = "--target=Help --about=Start")]
    [TestCase("help start", ExpectedResult = "--target=Help --about=Start")]
    [TestCase("-h compose-up", ExpectedResult = "--target=Help --about=ComposeUp")]
    [TestCase("--yes", ExpectedResult = "--yes=true --target=Help")]
    public string Whoever_asks_for_help_gets_it(string typed) => Words(typed);

    [Test]
    public void The_identity_of_a_run_means_that_run_also_where_an_agent_could_stand()
    {
        Assert.That(Words("compose-up demo-k3x9a"), Is.EqualTo("--target=ComposeUp --bottle=demo-k3x9a"));
        Assert.That(Words("compose-up demo-proxy"), Is.EqualTo("--target=ComposeUp --agent=demo-proxy"));
        Assert.That(Words("trust demo-k3x9a"), Is.EqualTo("--target=Trust --agent=demo-k3x9a"), "Trust takes no run");
    }

    [Test]
    public void A_second_bare_word_is_too_many() => Assert.That(Line("plan demo dev").Superfluous, Is.EqualTo(new[] { "dev" }));

    [Test]
    public void Every_target_has_a_verb_that_leads_back_to_it()
    {
        var names = TargetCatalogue.All.Select(target => target.Name).ToList();
        foreach (var target in TargetCatalogue.All)
        {
            Assert.That(target.Verb, Does.Match("^[a-z]+(-[a-z]+)*$"));
            Assert.That(VerbName.TargetOf(target.Verb, names), Is.EqualTo(target.Name));
        }
    }

    [Test]
    public void What_a_target_takes_are_arguments_that_there_are()
    {
        var known = Build.BottleArguments.Known.Select(argument => argument.Name).ToList();
        var taken = typeof(Build.BottleBuild).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes(typeof(TakesAttribute), inherit: false)).Cast<TakesAttribute>().ToList();
        Assert.That(taken, Is.Not.Empty);
        Assert.That(taken.SelectMany(takes => takes.Arguments).Distinct(), Is.SubsetOf(known));
    }

    private static string Words(string typed) => string.Join(' ', Line(typed).Words);

    private static VerbLine Line(string typed) => new(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries), TargetCatalogue.All, word => word == "demo-k3x9a");
}
