// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Ancestor, Floors, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { BURNED, CopyId, ModelId, SHARE_SUPPLY } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";
import { Handler } from "./Handler.sol";

/// @notice Invariants of the money under random calls, with families that grow, diamonds and shells among them:
///
///  1. The treasury holds exactly the amounts owed: credits + holders + what has yet to accrue, with no fraction
///     missing or left over.
///  2. All money paid into the treasury was paid out or is still held.
///     The contract for origins holds exactly the bonds that were neither claimed nor taken.
///  3. The copy registry holds exactly the prices in escrow and the locked collateral.
///  4. The fields fixed by an order never change.
///  6. The shares of a model add up to the supply, and so do its votes.
/// 11. A share earns exactly its part of what accrued while it was held.
/// 18. No descendant pays an ancestor less, or asks less, than was promised when it was registered.
contract MoneyInvariants is BaseTest {
    Handler private handler;

    function setUp() public override {
        super.setUp();
        address[] memory people = new address[](5);
        (people[0], people[1], people[2], people[3], people[4]) = (CREATOR, DERIVER, BUYER, HOLDER, STRANGER);
        uint16 licence = DERIVE | FREE_TO_DERIVE;
        _register(CREATOR, _termsWith(333, licence), _refs());
        handler = new Handler(
            usd, protocol, registry, treasury, copyRegistry, minterRegistry, origins, COURT, MINTER_KEY, people
        );
        // royalties that do not divide evenly, so that every rounding error shows, in a diamond
        handler.register(1, 0, 0, 1777, 5000);
        handler.register(2, 0, 0, 7, 3333);
        handler.register(3, 1, 2, 999, 0);
        handler.register(4, 3, 3, 0, 10_000);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_money() public view {
        vm.assertLe(5, registry.totalModels(), "the first family");
        _treasuryHoldsWhatItOwes();
        _copiesHoldWhatIsLocked();
        _originsHoldTheBonds();
        for (uint256 i = 1; i <= registry.totalModels(); ++i) {
            _sharesAddUp(_modelId(i));
            _keepsItsPromises(_modelId(i));
            _entersOnce(_modelId(i));
        }
    }

    function _originsHoldTheBonds() private view {
        uint256 bonds;
        for (uint256 i = 1; i <= registry.totalModels(); ++i) {
            for (uint32 version = 1; version <= 6; ++version) {
                bonds += origins.bonds(_modelId(i), version).amount;
            }
        }
        uint256 balance = usd.balanceOf(address(origins));
        vm.assertEq(balance, bonds, "2. the bonds");
        // the first model was registered before the handler counted
        vm.assertEq(handler.bondsIn() + ORIGIN_BOND, handler.bondsOut() + balance, "2. in is out or still there");
    }

    function _entersOnce(ModelId id) private view {
        Ancestor[] memory entered = treasury.entered(id);
        vm.assertLe(entered.length, 4, "18. four places");
        for (uint256 i; i < entered.length; ++i) {
            vm.assertTrue(ModelId.unwrap(entered[i].id) < ModelId.unwrap(id), "18. an ancestor is earlier");
            vm.assertEq(handler.promised(ModelId.unwrap(id), ModelId.unwrap(entered[i].id)), 0, "18. not pinned too");
            for (uint256 j; j < i; ++j) {
                vm.assertFalse(entered[i].id == entered[j].id, "18. entered once");
            }
        }
    }

    function _treasuryHoldsWhatItOwes() private view {
        uint256 parts = treasury.parts();
        uint256 owed = (treasury.credit(PROTOCOL) + treasury.credit(PROVERS) + treasury.credit(MINTER)) * parts;
        owed += treasury.credit(BURNED) * parts;
        for (uint256 i; i < handler.peopleCount(); ++i) {
            owed += treasury.credit(handler.people(i)) * parts;
        }
        for (uint256 i = 1; i <= registry.totalModels(); ++i) {
            owed += _owedToHolders(_modelId(i)) + treasury.unaccrued(_modelId(i)) * SHARE_SUPPLY;
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
            locked += copy.collateral;
            vm.assertEq(
                handler.ordered(_copyId(i)), fixedAtOrder(copyRegistry.copies(_copyId(i))), "4. the order is unchanged"
            );
        }
        vm.assertEq(usd.balanceOf(address(copyRegistry)), locked, "3. escrow and collateral");
    }

    function _sharesAddUp(ModelId id) private view {
        ModelShares shares = _shares(id);
        (uint256 balances, uint256 votes) = (0, 0);
        for (uint256 j; j < handler.peopleCount(); ++j) {
            balances += shares.balanceOf(handler.people(j));
            votes += shares.getVotes(handler.people(j));
        }
        vm.assertEq(balances, SHARE_SUPPLY, "6. shares");
        vm.assertEq(votes, SHARE_SUPPLY, "6. votes");
    }

    function _keepsItsPromises(ModelId id) private view {
        uint256 model = ModelId.unwrap(id);
        uint256 promised;
        for (uint256 i = 1; i < model; ++i) {
            promised += handler.promised(model, i);
        }
        uint256 total;
        Ancestor[] memory lineage = registry.lineage(id);
        for (uint256 i; i < lineage.length; ++i) {
            total += lineage[i].royaltyBps;
            vm.assertEq(
                lineage[i].royaltyBps, handler.promised(model, ModelId.unwrap(lineage[i].id)), "18. each royalty"
            );
        }
        vm.assertEq(total, promised, "18. all royalties");
        uint256[3] memory least = handler.floors(model);
        Terms memory terms = registry.terms(id);
        (Floors memory floors,) = registry.obligations(id);
        vm.assertEq(floors.price, least[0], "18. price floor");
        vm.assertEq(floors.collateral, least[1], "18. collateral floor");
        vm.assertEq(floors.fee, least[2], "18. fee floor");
        vm.assertLe(least[0], terms.price, "18. price");
        vm.assertLe(least[1], terms.collateral, "18. collateral");
        vm.assertLe(least[2], terms.fee, "18. fee");
    }

    function _owedToHolders(ModelId id) private view returns (uint256 owed) {
        for (uint256 i; i < handler.peopleCount(); ++i) {
            uint256 parts = treasury.owedParts(id, handler.people(i));
            vm.assertEq(parts, handler.expected(ModelId.unwrap(id), handler.people(i)), "11. what accrued while held");
            owed += parts;
        }
    }
}
