// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Test money for local chains and test networks, with 6 decimals, and EIP-2612 and EIP-3009 as in USDC.
/// @notice Authorizations (EIP-3009) have random nonces, so several can wait at the same time. Each function exists
/// with the signature as `v`, `r`, `s`, and as bytes that a smart-contract wallet can check (ERC-1271).
interface ITestUSD {
    /// @notice One call mints at most `cap`.
    error FaucetAboveCap(uint256 amount, uint256 cap);

    /// @notice Mints test money. Anyone may call this.
    function faucet(address to, uint256 amount) external;

    /// @notice Transfers with a signed authorization. Anyone may call this.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Same as `transferWithAuthorization`, but only the receiver may call this, so that nobody can separate
    /// the transfer from what the receiver does with it.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Uses up the nonce of an authorization, so that it can no longer transfer.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;
}
