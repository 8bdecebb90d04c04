// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title A trial of the money, before anything is deployed that depends on it.
/// @notice The constructor of the implementation pulls a little money from a payer with a permit, sends it on in pieces
/// and checks every balance. It is simulated in one call and never deployed (`lib/deploy/try-token.ts`).
///
/// The protocol needs a token that moves exactly the requested amount, whose balances change by transfers only, and that
/// has 6 decimals and permits (EIP-2612). A token that can be upgraded may change after its trial.
interface ITokenTrial {
    /// @notice There is no token at this address.
    error TokenMissing(address token);

    /// @notice The token has other decimals than the protocol counts with.
    error DecimalsUnsupported(address token, uint256 decimals, uint256 needed);

    /// @notice The payer has too little of the token to try it.
    error TrialUnfunded(address token, address payer, uint256 balance, uint256 needed);

    /// @notice The token does not accept permits (EIP-2612).
    error PermitUnsupported(address token);

    /// @notice The token moves another amount than was requested. `taken` left the sender, `received` arrived.
    error TransferInexact(address token, uint256 amount, uint256 taken, uint256 received);

    /// @notice A transfer changed the supply.
    error SupplyChanged(address token, uint256 before, uint256 afterwards);

    /// @notice Balances are parts of something else and change without a transfer. The token answers the call `selector`.
    error TokenRebases(address token, bytes4 selector);
}
