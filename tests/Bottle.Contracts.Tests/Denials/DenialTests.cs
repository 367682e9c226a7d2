using System.Text;
using Bottle.Contracts.Denials;

namespace Bottle.Contracts.Tests.Denials;

[Parallelizable(ParallelScope.All)]
public sealed class DenialTests
{
    [Test]
    public void The_body_is_what_the_specification_spells_out()
    {
        var denial = new Denial { Code = DenialCodes.PathNotListed, Host = "api.demo.test", Port = 443, Method = "GET", Path = "/v2/x", Reason = "no route allows this path" };
        Assert.That(Encoding.UTF8.GetString(denial.ToUtf8Json()), Is.EqualTo(
            """{"error":"denied","code":"BTL6005","host":"api.demo.test","port":443,"method":"GET","path":"/v2/x","reason":"no route allows this path","ask":"egress-block"}"""));
    }

    [Test]
    public void Asking_is_not_proposed_where_no_route_could_help() =>
        Assert.That(Encoding.UTF8.GetString(new Denial { Code = DenialCodes.GitPush, Reason = "r" }.ToUtf8Json()), Is.EqualTo("""{"error":"denied","code":"BTL6006","reason":"r"}"""));

    [Test]
    public void Control_characters_are_escaped() =>
        Assert.That(Encoding.UTF8.GetString(new Denial { Code = DenialCodes.Malformed, Host = "a\u001b[31m\u202eb", Reason = "r" }.ToUtf8Json()), Does.Contain(@"a\u001B[31m\u202Eb"));

    [Test]
    public void Codes_are_unique_and_of_the_agent_facing_phase()
    {
        Assert.That(DenialCodes.All.Select(c => c.Code), Is.Unique.And.All.Match("^BTL6[0-9]{3}$"));
        Assert.That(DenialCodes.All, Has.All.Matches<DenialCode>(c => c!.Status is >= 400 and < 600 && c.Meaning.Length > 0));
    }
}
