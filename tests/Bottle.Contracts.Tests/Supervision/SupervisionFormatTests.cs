using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Bottle.Contracts.Supervision;
using Bottle.Core.Tests.Rendering;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Contracts.Tests.Supervision;

[Parallelizable(ParallelScope.All)]
public sealed class SupervisionFormatTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly Proposal Route = Proposal.Create("egress-block-1a2b3c4d", Time, ProposedQuestion.ForRoute("GET", "https://api.example.com/v1/x?a=1&b=2"), "first line\nsecond \"line\" \u202e\u001b[2J \U0001F600");
    private static readonly Proposal Inspection = Proposal.Create("pipelock-block-1a2b3c4d", Time, ProposedQuestion.ForInspection("https://api.example.com/v1/x"), "too large");
    private static readonly Proposal Steps = Proposal.Create("capability-block-1a2b3c4d", Time, ProposedQuestion.ForSteps(["RUN apt-get install -y ripgrep", "ENV A=b"]), "search");

    private static IEnumerable<Proposal> Proposals => [Route, Inspection, Steps];

    private static readonly Answer Applied = new() { V = 1, Id = Route.Id, Decision = AnswerDecision.Applied, Reason = "fine", Lease = "30m", DiffSha256 = Route.DiffSha256, Changed = true };

    [TestCaseSource(nameof(Proposals))]
    public void A_proposal_is_read_as_it_was_written(Proposal proposal)
    {
        var text = ProposalFormat.Write(proposal);
        var read = ProposalFormat.Read(text);
        Assert.That(ProposalFormat.Write(read), Is.EqualTo(text));
        Assert.That((read.Id, read.Tool, read.Created, read.Request, read.Reason, read.Diff, read.DiffSha256), Is.EqualTo((proposal.Id, proposal.Tool, proposal.Created, proposal.Request, proposal.Reason, proposal.Diff, proposal.DiffSha256)));
        Assert.That(text.All(c => c is >= ' ' and <= '~' or '\n'), Is.True, "nothing in the file can steer a terminal");
        Assert.That(text, Does.EndWith("}\n").And.Not.Contain("\r"));
    }

    [TestCaseSource(nameof(Proposals))]
    public void A_proposal_fits_its_schema(Proposal proposal) => Assert.That(SchemaProblems("proposal", ProposalFormat.Write(proposal)), Is.Empty);

    [Test]
    public void An_answer_fits_its_schema([Values] AnswerDecision decision, [Values] bool isBare)
    {
        var answer = isBare ? new Answer { V = 1, Id = "x", Decision = decision } : Applied with { Decision = decision };
        Assert.That(SchemaProblems("answer", AnswerFormat.Write(answer)), Is.Empty);
        Assert.That(AnswerFormat.Read(AnswerFormat.Write(answer)), Is.EqualTo(answer));
    }

    [Test]
    public void The_schema_refuses_what_the_reader_refuses()
    {
        var text = ProposalFormat.Write(Route).Replace("\"inspect\": true", "\"inspect\": true, \"auth\": {}", StringComparison.Ordinal);
        Assert.That(SchemaProblems("proposal", text), Is.Not.Empty);
        Assert.That(() => ProposalFormat.Read(text), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_long_reason_of_an_answer_is_cut_and_still_read()
    {
        foreach (var length in new[] { ProposalLimits.AnswerReason, ProposalLimits.AnswerReason + 1, ProposalLimits.AnswerReason * 2 })
        {
            var smileys = string.Concat(Enumerable.Repeat("\U0001F600", length / 2)) + "x";
            var read = AnswerFormat.Read(AnswerFormat.Write(Applied with { Reason = smileys }));
            Assert.That(read.Reason!.Length, Is.LessThanOrEqualTo(ProposalLimits.AnswerReason));
            Assert.That(read.Reason, Does.StartWith("\U0001F600\U0001F600").And.EndsWith("…"));
        }
    }

    [TestCase("\"v\": 1", "\"v\": 2", "'v' is not 1")]
    [TestCase("\"v\": 1", "\"v\": 1, \"v\": 1", "")]
    [TestCase("\"v\": 1", "\"v\": 1, \"extra\": 1", "extra")]
    [TestCase("\"egress-block-1a2b3c4d\"", "\"../../etc/x\"", "'id' is not")]
    [TestCase("\"egress-block-1a2b3c4d\"", "\"x\\n\"", "'id' is not")]
    [TestCase("\"egress-block\"", "\"Egress-Block\"", "'tool' is not")]
    [TestCase("\"tool\": \"egress-block\"", "\"tool\": \"capability-block\"", "capability-block has steps and no request")]
    [TestCase("\"tool\": \"egress-block\"", "\"tool\": \"pipelock-block\"", "a method only where it asks for a route")]
    [TestCase("\"tool\": \"egress-block\"", "\"tool\": 0", "")]
    [TestCase("\"method\": \"GET\"", "\"method\": \"POST\"", "'narrow_route' is not the narrowest")]
    [TestCase("\"/v1/x\"", "\"/*\"", "'narrow_route' is not the narrowest")]
    [TestCase("\"inspect\": true", "\"inspect\": false", "'narrow_route' is not the narrowest")]
    [TestCase("api.example.com/v1/x?", "API.example.com/v1/x?", "not in canonical form")]
    [TestCase("    inspect: true", "    inspect: tru", "'diff' or 'diff_sha256'")]
    [TestCase("\"diff_sha256\": \"", "\"diff_sha256\": \"0", "'diff' or 'diff_sha256'")]
    [TestCase("\"reason\": \"", "\"reason\": null, \"x\": \"", "")]
    [TestCase("2026-01-02T", "yesterday", "")]
    public void A_proposal_that_says_two_things_is_refused(string from, string to, string problem)
    {
        var text = ProposalFormat.Write(Route);
        Assert.That(text, Does.Contain(from));
        Assert.That(() => ProposalFormat.Read(text.Replace(from, to, StringComparison.Ordinal)), Throws.TypeOf<FormatException>().With.Message.Contains(problem));
    }

    [Test]
    public void All_problems_of_an_answer_are_told_at_once() => Assert.That(
        () => AnswerFormat.Read("""{"v": 7, "id": "A", "decision": "maybe", "lease": "a b", "diff_sha256": "x"}"""),
        Throws.TypeOf<FormatException>().With.Message.EqualTo(string.Join('\n',
            "answer: 'v' is not 1",
            "answer: 'id' is not 1 to 64 lower-case letters, digits and hyphens",
            "answer: 'decision' is not approved, approved_with_changes, rejected, applied or failed",
            "answer: 'lease' is not 1 to 64 printable characters without a space",
            "answer: 'diff_sha256' is not 64 lower-case hex digits",
            "answer: 'changed' is missing")));

    [Test]
    public void A_file_beyond_the_limit_is_not_looked_at()
    {
        Assert.That(() => ProposalFormat.Read(new string(' ', ProposalLimits.FileBytes + 1)), Throws.TypeOf<FormatException>().With.Message.Contains("larger than 64 KiB"));
        Assert.That(() => AnswerFormat.Read(new string('ü', (ProposalLimits.FileBytes / 2) + 1)), Throws.TypeOf<FormatException>().With.Message.Contains("larger than 64 KiB"));
    }

    [Test]
    public void Broken_text_is_a_format_error_and_nothing_else() => Prop.ForAll(
        Gen.Choose(0, 5).SelectMany(count => Edits(ProposalFormat.Write(Route), count)).Or(Gen.Choose(0, 5).SelectMany(count => Edits(AnswerFormat.Write(Applied), count))).ToArbitrary(),
        text => IsReadOrRefused(() => ProposalFormat.Read(text)) && IsReadOrRefused(() => AnswerFormat.Read(text))).QuickCheckThrowOnFailure();

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{\"v\":1e999}")]
    [TestCase("{\"reason\":\"\\ud800\"}")]
    [TestCase("[[[[[[[[[[[[[[[[[[[[[[")]
    public void What_is_no_document_of_ours_is_a_format_error(string text)
    {
        Assert.That(() => ProposalFormat.Read(text), Throws.TypeOf<FormatException>());
        Assert.That(() => AnswerFormat.Read(text), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Names_and_values_agree()
    {
        Assert.That(Enum.GetValues<ProposalTool>().Select(tool => ProposalToolNames.Parse(tool.Name())), Is.EqualTo(Enum.GetValues<ProposalTool>().Cast<ProposalTool?>()));
        Assert.That(Enum.GetValues<AnswerDecision>().Select(decision => AnswerDecisionNames.Parse(decision.Name())), Is.EqualTo(Enum.GetValues<AnswerDecision>().Cast<AnswerDecision?>()));
    }

    [Test]
    public void The_same_question_is_one_whatever_stands_in_the_query()
    {
        Assert.That(ProposedQuestion.ForRoute("GET", "https://a.example.com/x?1").Key, Is.EqualTo(ProposedQuestion.ForRoute("GET", "https://A.example.com:443/x?2").Key));
        Assert.That(ProposedQuestion.ForRoute("POST", "https://a.example.com/x").Key, Is.Not.EqualTo(ProposedQuestion.ForRoute("GET", "https://a.example.com/x").Key));
        Assert.That(ProposedQuestion.ForInspection("https://a.example.com/x").Key, Is.EqualTo(ProposedQuestion.ForInspection("https://a.example.com/../y").Key));
    }

    private static bool IsReadOrRefused(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (FormatException e)
        {
            return e.Message.Length > 0;
        }
    }

    private static Gen<string> Edits(string text, int count) =>
        from places in Gen.Choose(0, text.Length - 1).ListOf(count)
        from letters in Gen.Elements("\"{}[]\\,:0u\ud800\u0000n- ".ToCharArray()).ListOf(count)
        select places.Zip(letters).Aggregate(new StringBuilder(text), (edited, edit) =>
        {
            edited[edit.First] = edit.Second;
            return edited;
        }).ToString();

    private static IEnumerable<string> SchemaProblems(string name, string text)
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Here(), $"../../../src/Bottle.Contracts/schemas/{name}.schema.json")))!.AsObject();
        return SchemaCheck.Problems(JsonNode.Parse(text), schema, schema);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
