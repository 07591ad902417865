namespace Formation.Shop.OrderApi;

/// <summary>Ce que le client envoie.</summary>
/// <param name="OrderId">Identifiant choisi par le client, facultatif : il lui permet de représenter la même commande.</param>
/// <param name="CustomerId">Le client.</param>
/// <param name="Amount">Montant toutes taxes comprises.</param>
/// <param name="Currency">Devise, en code ISO 4217 ; l'euro par défaut.</param>
public sealed record NewOrder(string? OrderId, string? CustomerId, decimal Amount, string? Currency)
{
    /// <summary>Ce qui ne va pas, par champ ; vide si tout va.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(CustomerId) || CustomerId.Length > 100)
        {
            problems["customerId"] = ["Obligatoire, 100 caractères au plus : c'est la clé du message."];
        }

        if (Amount <= 0)
        {
            problems["amount"] = ["Doit être positif."];
        }

        // Lettres, chiffres et tirets seulement : cet identifiant se retrouvera dans des logs et des fichiers CSV.
        if (OrderId is not null && (OrderId.Length is 0 or > 64 || !OrderId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            problems["orderId"] = ["De 1 à 64 lettres sans accent, chiffres ou tirets."];
        }

        return problems;
    }
}

/// <summary>Ce que le client reçoit.</summary>
/// <param name="OrderId">La commande acceptée.</param>
/// <param name="TraceId">De quoi la suivre dans les logs des quatre services.</param>
public sealed record OrderAccepted(string OrderId, string? TraceId);
