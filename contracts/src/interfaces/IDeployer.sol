// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Gives contracts addresses that are known beforehand and the same on every chain.
/// @notice Itself created by CREATE2, so that its address follows from its owner and a salt; what it creates has
/// addresses that follow from its own, in order. Contracts that know each other can so be fixed for ever.
interface IDeployer {
    /// @notice Only the owner deploys: somebody else's contract would take the place of one of ours.
    error NotOwner(address caller, address owner);

    /// @notice The constructor refused.
    error CreationFailed(bytes reason);

    /// @notice A contract was created.
    event Created(address indexed created);

    /// @notice Creates the next contract. The n-th is at the address of this contract's nonce n, from 1.
    function create(bytes calldata creationCode) external returns (address created);
}
