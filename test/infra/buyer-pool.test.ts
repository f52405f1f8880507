import { describe, expect, it } from 'vitest';
import { toList, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

describe('the user pool of a sandbox', () => {
  it('gives the scopes to clients with a secret, never to buyers', () => {
    const { named } = synthesize(contexts.sandbox);
    const scopes = ['support', 'review', 'redrive', 'operator'];

    expect(named('Buyers/Pool/Operators').properties).toMatchObject({
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: scopes.map((name) => `Buyers/Pool/ResourceServer/${name}`),
    });
    expect(named('Buyers/Pool/ResourceServer').properties).toMatchObject({
      Identifier: 'aftercommit',
      Scopes: scopes.map((ScopeName) => ({ ScopeName, ScopeDescription: expect.any(String) })),
    });
    expect(named('Buyers/Pool/Buyers').properties.AllowedOAuthFlowsUserPoolClient).toBe(false);
    expect(toList(named('Buyers/Pool/Buyers').properties.AllowedOAuthScopes)).toEqual([]);
    expect(valueAt(named('Buyers/Pool').properties, 'AdminCreateUserConfig')).toEqual({
      AllowAdminCreateUserOnly: true,
    });
  });

  it('asks for long passwords, and lets a user add a second factor', () => {
    expect(synthesize(contexts.sandbox).named('Buyers/Pool').properties).toMatchObject({
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 1,
        },
      },
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
  });
});
