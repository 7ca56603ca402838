using Madang.Trust.Accounts.Sessions;

namespace Madang.Trust.Accounts.Mail;

/// <summary>What the house writes to people: short, one link, in the person's language.</summary>
internal sealed class Letters(Postbox box, Addresses addresses)
{
    public void Confirm(string to, string language, string token) => Put(to, language,
        ("[마당] 이메일 주소를 확인해 주십시오", "아래 주소를 열면 가입이 끝납니다. 3일 안에 열어 주십시오.", "가입을 신청하지 않으셨다면 이 편지를 지우셔도 됩니다."),
        ("[Madang] Confirm your e-mail address", "Open this address to finish joining. It works for three days.", "If you did not ask to join, you can delete this letter."),
        "/join/confirm", token);

    public void Invite(string to, string language, string role, string token) => Put(to, language,
        ("[마당] 초대합니다", $"{role} 역할을 맡게 되어 초대합니다. 아래 주소를 열어 비밀번호를 정하시면 계정이 열립니다. 3일 안에 한 번 쓸 수 있습니다.", "아시는 일이 아니라면 이 편지를 지우셔도 됩니다. 계정은 열리지 않습니다."),
        ("[Madang] You are invited", $"You are invited as {role}. Open this address and choose a password to open your account. It works once, for three days.", "If this means nothing to you, delete this letter. No account will be opened."),
        "/join/invited", token);

    public void NewRole(string to, string language, string role) => Put(to, language,
        ("[마당] 새 역할이 생겼습니다", $"이제 {role} 역할도 맡습니다. 무엇을 할 수 있는지 아래에서 보실 수 있습니다.", "아시는 일이 아니라면 관리자에게 알려 주십시오."),
        ("[Madang] You have another role", $"You now have the role {role} as well. See here what you may do.", "If this means nothing to you, tell an administrator."),
        "/house", null);

    public void AlreadyHere(string to, string language) => Put(to, language,
        ("[마당] 이미 가입되어 있습니다", "이 이메일 주소로 다시 가입하려는 신청이 있었습니다. 이미 계정이 있으므로 새로 만들지 않았습니다. 비밀번호를 잊으셨다면 아래 주소에서 새로 정할 수 있습니다.", "신청하지 않으셨다면 아무것도 하지 않으셔도 됩니다."),
        ("[Madang] You already have an account", "Somebody asked to join with this e-mail address. It already has an account, so no new one was made. If you forgot the password, you can set a new one here.", "If it was not you, there is nothing to do."),
        "/reset", null);

    public void Reset(string to, string language, string token) => Put(to, language,
        ("[마당] 새 비밀번호 정하기", "아래 주소에서 새 비밀번호를 정할 수 있습니다. 30분 동안 한 번만 쓸 수 있습니다.", "신청하지 않으셨다면 이 편지를 지우셔도 됩니다. 비밀번호는 바뀌지 않았습니다."),
        ("[Madang] Set a new password", "You can set a new password here. The address works once, for 30 minutes.", "If you did not ask for this, you can delete this letter. Your password was not changed."),
        "/reset/new", token);

    public void NewAddress(string to, string language, string token) => Put(to, language,
        ("[마당] 새 이메일 주소를 확인해 주십시오", "아래 주소를 열면 이 주소가 계정의 이메일이 됩니다. 하루 동안 쓸 수 있습니다.", "신청하지 않으셨다면 이 편지를 지우셔도 됩니다."),
        ("[Madang] Confirm your new e-mail address", "Open this address to make this the e-mail of your account. It works for one day.", "If you did not ask for this, you can delete this letter."),
        "/account/address", token);

    /// <summary>Told after the fact, so that the owner notices what he did not do (NIST SP 800-63B-4, 4.6).</summary>
    public void Changed(string? to, string language, string korean, string english)
    {
        if (to is not null)
        {
            Put(to, language, ("[마당] 계정이 바뀌었습니다", korean, "본인이 한 일이 아니라면 곧바로 비밀번호를 새로 정해 주십시오."), ("[Madang] Your account was changed", english, "If it was not you, set a new password at once."), "/reset", null);
        }
    }

    /// <summary>The last letter.</summary>
    public void Erased(string to, string language) => Put(to, language,
        ("[마당] 계정을 지웠습니다", "요청하신 대로 계정과 개인정보를 지웠습니다. 무엇을 지우고 무엇이 얼마 동안 남는지는 아래에 적어 두었습니다.", "본인이 한 일이 아니라면 운영 기관에 곧바로 알려 주십시오. 지운 계정은 되살릴 수 없습니다."),
        ("[Madang] Your account was erased", "As you asked, your account and personal data were erased. What went, and what stays for how long, is written here.", "If it was not you, tell whoever runs this city at once. An erased account cannot be brought back."),
        "/privacy", null);

    private void Put(string to, string language, (string Subject, string Text, string End) korean, (string Subject, string Text, string End) english, string path, string? token)
    {
        var (subject, text, end) = language == "en" ? english : korean;
        var link = addresses.Origin + (language == "en" ? "/en" : "") + path + (token is null ? "" : "?token=" + token);
        box.Put(new Letter(to, subject, $"{text}\n\n{link}\n\n{end}"));
    }
}
