using System.ComponentModel.DataAnnotations;

namespace Madang.Trust;

/// <summary>Who answers for personal data; configuration section <c>Privacy</c>.</summary>
public sealed class PrivacyOptions
{
    /// <summary>The institution that runs this city (개인정보처리자). The privacy page says so when nobody is named.</summary>
    [StringLength(200)]
    public string? Controller { get; set; }

    /// <summary>Name and office of the person responsible for privacy (개인정보 보호책임자; Personal Information Protection Act, art. 31).</summary>
    [StringLength(200)]
    public string? Officer { get; set; }

    /// <summary>How that person or the department is reached: telephone, e-mail.</summary>
    [StringLength(200)]
    public string? Contact { get; set; }

    /// <summary>Since when the privacy policy holds, as <c>2026-12-01</c>.</summary>
    [RegularExpression(@"\d{4}-\d{2}-\d{2}", ErrorMessage = "must be a day such as 2026-12-01")]
    public string? Effective { get; set; }

    /// <summary>For how many days the operator keeps backups; who is erased is in them so long. Not said on the page when not set.</summary>
    [Range(1, 3650)]
    public int? BackupDays { get; set; }
}
