// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Test money for local chains and test networks, with 6 decimals and EIP-2612 permit like USDC.
interface ITestUSD {
    /// @notice One call mints at most `cap`.
    error FaucetAboveCap(uint256 amount, uint256 cap);

    /// @notice Mints test money. Anyone may call this.
    function faucet(address to, uint256 amount) external;
}
