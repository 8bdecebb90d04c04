// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, State } from "../../src/interfaces/ICopyRegistry.sol";
import { ParentEdge } from "../../src/interfaces/IModelRegistry.sol";
import { BPS, CopyId, ModelId, SHARE_SUPPLY } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";
import { Handler } from "./Handler.sol";

/// @notice Invariants of the money under random calls, with a family tree that contains a diamond:
///
///  1. The treasury holds exactly the amounts owed: credits + edges + holders, with no fraction missing or left over.
///  2. All money paid into the treasury was paid out or is still held.
///  3. The copy registry holds exactly the prices in escrow and the locked collateral.
///  4. The fields fixed by an order never change.
///  5. Parents and their royalties never change.
///  6. The shares of a model add up to the supply, and so do its votes.
contract MoneyInvariants is BaseTest {
    Handler private handler;
    ModelId[5] private models;
    bytes32 private family;

    /// @dev Uses royalties that do not divide evenly, so that every rounding error shows.
    function setUp() public override {
        super.setUp();
        uint16 licence = DERIVE | FREE_TO_DERIVE;
        models[0] = _register(CREATOR, _termsWith(333, licence), _refs());
        models[1] = _register(DERIVER, _termsWith(1777, licence), _refs(models[0]));
        models[2] = _register(HOLDER, _termsWith(7, licence), _refs(models[0]));
        models[3] = _register(DERIVER, _termsWith(4999, licence), _refs(models[1], models[2]));
        models[4] = _register(CREATOR, _termsWith(0, licence), _refs(models[3]));
        family = _family();

        address[] memory people = new address[](5);
        (people[0], people[1], people[2], people[3], people[4]) = (CREATOR, DERIVER, BUYER, HOLDER, STRANGER);
        handler = new Handler(usd, registry, treasury, copyRegistry, MINTER, people);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_money() public view {
        _treasuryHoldsWhatItOwes();
        _copiesHoldWhatIsLocked();
        _familyIsAsItWas();
    }

    function _treasuryHoldsWhatItOwes() private view {
        uint256 parts = treasury.parts();
        uint256 owed = (treasury.credit(PROTOCOL) + treasury.credit(PROVERS) + treasury.credit(MINTER)) * parts;
        for (uint256 i; i < models.length; ++i) {
            owed += _owedOnEdges(models[i]) + _owedToHolders(models[i]);
        }
        uint256 balance = usd.balanceOf(address(treasury));
        vm.assertEq(owed, balance * parts, "1. the treasury holds what it owes");
        vm.assertEq(handler.paidIn(), handler.paidOut() + balance, "2. in is out or still there");
    }

    function _copiesHoldWhatIsLocked() private view {
        uint256 locked;
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            Copy memory copy = copyRegistry.copies(_copyId(i));
            if (copy.state == State.Ordered || copy.state == State.Delivered) locked += copy.price;
            if (copy.state != State.Closed && copy.state != State.Refunded) locked += copy.collateral;
            vm.assertEq(
                handler.ordered(_copyId(i)), fixedAtOrder(copyRegistry.copies(_copyId(i))), "4. the order is unchanged"
            );
        }
        vm.assertEq(usd.balanceOf(address(copyRegistry)), locked, "3. escrow and collateral");
    }

    function _familyIsAsItWas() private view {
        vm.assertEq(_family(), family, "5. the family tree is unchanged");
        for (uint256 i; i < models.length; ++i) {
            ModelShares shares = _shares(models[i]);
            (uint256 balances, uint256 votes) = (0, 0);
            for (uint256 j; j < 5; ++j) {
                balances += shares.balanceOf(handler.people(j));
                votes += shares.getVotes(handler.people(j));
            }
            vm.assertEq(balances, SHARE_SUPPLY, "6. shares");
            vm.assertEq(votes, SHARE_SUPPLY, "6. votes");
        }
    }

    /// @dev Parts of a unit owed on the edges to the parents, including the fraction that cannot flow yet.
    function _owedOnEdges(ModelId id) private view returns (uint256 owed) {
        uint256 received = treasury.received(id);
        ParentEdge[] memory edges = registry.parents(id);
        for (uint256 i; i < edges.length; ++i) {
            uint256 fraction = received * edges[i].royaltyBps % BPS;
            owed += (treasury.edgeAccrued(id, edges[i].parent) * BPS + fraction) * SHARE_SUPPLY;
        }
    }

    function _owedToHolders(ModelId id) private view returns (uint256 owed) {
        for (uint256 i; i < 5; ++i) {
            owed += treasury.owedParts(id, handler.people(i));
        }
    }

    function _family() private view returns (bytes32) {
        ParentEdge[][5] memory edges;
        for (uint256 i; i < models.length; ++i) {
            edges[i] = registry.parents(models[i]);
        }
        return keccak256(abi.encode(edges));
    }
}
